using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// Keras's "accuracy", whose meaning follows from the shapes: with one output a yes or no at 0.5; with several, whether the
/// largest output is the true class, given one-hot or as a number. It does so whatever the loss: ten sigmoids under a binary cross-entropy are scored as
/// ten classes.
/// </summary>
/// <param name="name">The name in logs and history.</param>
public sealed class Accuracy(string name = "accuracy") : Metric(name)
{
    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) =>
        prediction.shape[^1] == 1 ? BinaryAccuracy.Compare(truth, prediction, 0.5f)
        : truth.dim() < prediction.dim() ? CategoricalAccuracy.Compare(truth, prediction, context)
        : CategoricalAccuracy.Compare(truth.argmax(-1), prediction, context);
}

/// <summary>The share of a sample's outputs that are on their truth's side of a threshold.</summary>
/// <param name="name">The name in logs and history.</param>
/// <param name="threshold">An output above it counts as a yes.</param>
public sealed class BinaryAccuracy(string name = "binary_accuracy", float threshold = 0.5f) : Metric(name)
{
    internal static Tensor Compare(Tensor truth, Tensor prediction, float threshold) => prediction.gt(threshold).to_type(torch.ScalarType.Float32).eq(truth).to_type(torch.ScalarType.Float32).mean([-1]);

    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) => Compare(truth, prediction, threshold);
}

/// <summary>Whether the largest output is the true class, given one-hot.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class CategoricalAccuracy(string name = "categorical_accuracy") : Metric(name)
{
    // Sigmoids far beyond 0 all round to 1 in float32, and how such ties fall decides the accuracy. TensorFlow never sees them:
    // its graph optimizer takes an element-wise monotonic function away from before an ArgMax (Grappler's arithmetic optimizer,
    // stage optimize_max_or_min_of_monotonic), so that the logits are compared.
    internal static Tensor Compare(Tensor classes, Tensor prediction, CallContext context) =>
        (context.LogitsOf(prediction, "sigmoid") ?? prediction).argmax(-1).eq(classes.reshape(-1)).to_type(torch.ScalarType.Float32);

    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) => Compare(truth.argmax(-1), prediction, context);
}

/// <summary>Whether the largest output is the true class, given as its number.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class SparseCategoricalAccuracy(string name = "sparse_categorical_accuracy") : Metric(name)
{
    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) => CategoricalAccuracy.Compare(truth, prediction, context);
}

/// <summary>Whether the true class, given one-hot, is among the largest outputs: fewer than k are larger.</summary>
/// <param name="k">How many, at least 1.</param>
/// <param name="name">The name in logs and history.</param>
public sealed class TopKCategoricalAccuracy(int k = 5, string name = "top_k_categorical_accuracy") : Metric(name)
{
    private protected override Tensor Matches(Tensor truth, Tensor prediction, CallContext context) =>
        prediction.gt(prediction.gather(1, truth.argmax(-1, keepdim: true))).sum(-1).lt(k).to_type(torch.ScalarType.Float32);
}
