using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>The share of a sample's outputs that are on their truth's side of a threshold.</summary>
/// <param name="name">The name in logs and history.</param>
/// <param name="threshold">An output above it counts as a yes.</param>
public sealed class BinaryAccuracy(string name = "binary_accuracy", double threshold = 0.5) : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["threshold"] = threshold };

    internal static Tensor Compare(Tensor truth, Tensor prediction, float threshold) =>
        prediction.gt(threshold).to_type(torch.ScalarType.Float32).eq(truth).to_type(torch.ScalarType.Float32).mean([-1]);

    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) => Compare(truth, prediction, (float)threshold);
}
