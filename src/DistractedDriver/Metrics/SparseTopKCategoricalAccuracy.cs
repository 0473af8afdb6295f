using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>Whether the true class, given as its number, is among the largest outputs: fewer than k are larger.</summary>
/// <param name="k">How many, at least 1.</param>
/// <param name="name">The name in logs and history.</param>
public sealed class SparseTopKCategoricalAccuracy(int k = 5, string name = "sparse_top_k_categorical_accuracy") : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["k"] = k };

    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) =>
        TopKCategoricalAccuracy.Compare(truth.reshape(-1, 1).to_type(torch.ScalarType.Int64), prediction, k);
}
