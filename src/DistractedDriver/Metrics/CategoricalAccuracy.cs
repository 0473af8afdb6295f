using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>Whether the largest output is the true class, given one-hot.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class CategoricalAccuracy(string name = "categorical_accuracy") : MeanMetric(name)
{
    // Sigmoids far beyond 0 all round to 1 in float32, and how such ties fall decides the accuracy. TensorFlow never sees them:
    // its graph optimizer takes an element-wise monotonic function away from before an ArgMax (Grappler's arithmetic optimizer,
    // stage optimize_max_or_min_of_monotonic), so that the logits are compared.
    internal static Tensor Compare(Tensor classes, Tensor prediction, CallContext context) =>
        (context.LogitsOf(prediction, "sigmoid") ?? prediction).argmax(-1).eq(classes.reshape(-1)).to_type(torch.ScalarType.Float32);

    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) =>
        Compare(truth.argmax(-1), prediction, context);
}
