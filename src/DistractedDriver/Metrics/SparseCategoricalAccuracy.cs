using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>Whether the largest output is the true class, given as its number.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class SparseCategoricalAccuracy(string name = "sparse_categorical_accuracy") : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) =>
        CategoricalAccuracy.Compare(truth, prediction, context);
}
