using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>Whether the true class, given one-hot, is among the largest outputs: fewer than k are larger.</summary>
/// <param name="k">How many, at least 1.</param>
/// <param name="name">The name in logs and history.</param>
public sealed class TopKCategoricalAccuracy(int k = 5, string name = "top_k_categorical_accuracy") : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["k"] = k };

    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) =>
        Compare(truth.argmax(-1, keepdim: true), prediction, k);

    /// <summary>Compares classes, by their numbers, of shape (batch, 1).</summary>
    internal static Tensor Compare(Tensor classes, Tensor prediction, int k) =>
        prediction.gt(prediction.gather(1, classes)).sum(-1).lt(k).to_type(torch.ScalarType.Float32);
}
