using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// Keras's "accuracy", whose meaning follows from the shapes: with one output a yes or no at 0.5; with several, whether the
/// largest output is the true class. It does so whatever the loss: ten sigmoids under a binary cross-entropy are scored as
/// ten classes.
/// </summary>
/// <param name="name">The name in logs and history.</param>
public sealed class Accuracy(string name = "accuracy") : Metric(name)
{
    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) =>
        prediction.shape[^1] == 1 ? BinaryAccuracy.Compare(truth, prediction) : CategoricalAccuracy.Compare(truth, prediction, context);
}

/// <summary>The share of a sample's outputs that are on their truth's side of 0.5.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class BinaryAccuracy(string name = "binary_accuracy") : Metric(name)
{
    internal static Tensor Compare(Tensor truth, Tensor prediction) => prediction.gt(0.5f).to_type(torch.ScalarType.Float32).eq(truth).to_type(torch.ScalarType.Float32).mean([-1]);

    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) => Compare(truth, prediction);
}

/// <summary>Whether the largest output is the true class, given one-hot.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class CategoricalAccuracy(string name = "categorical_accuracy") : Metric(name)
{
    // Sigmoids far beyond 0 all round to 1 in float32, and how such ties fall decides the accuracy. TensorFlow never sees them:
    // its graph optimizer takes an element-wise monotonic function away from before an ArgMax (Grappler's arithmetic optimizer,
    // stage optimize_max_or_min_of_monotonic), so that the logits are compared.
    internal static Tensor Compare(Tensor truth, Tensor prediction, CallContext context) =>
        (context.LogitsOf(prediction, "sigmoid") ?? prediction).argmax(-1).eq(truth.argmax(-1)).to_type(torch.ScalarType.Float32);

    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) => Compare(truth, prediction, context);
}
