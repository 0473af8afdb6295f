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
    private protected override Tensor Matches(Tensor truth, Tensor prediction) =>
        prediction.shape[^1] == 1 ? BinaryAccuracy.Compare(truth, prediction) : CategoricalAccuracy.Compare(truth, prediction);
}

/// <summary>The share of a sample's outputs that are on their truth's side of 0.5.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class BinaryAccuracy(string name = "binary_accuracy") : Metric(name)
{
    internal static Tensor Compare(Tensor truth, Tensor prediction) => prediction.gt(0.5f).to_type(torch.ScalarType.Float32).eq(truth).to_type(torch.ScalarType.Float32).mean([-1]);

    private protected override Tensor Matches(Tensor truth, Tensor prediction) => Compare(truth, prediction);
}

/// <summary>Whether the largest output is the true class, given one-hot.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class CategoricalAccuracy(string name = "categorical_accuracy") : Metric(name)
{
    internal static Tensor Compare(Tensor truth, Tensor prediction) => First(prediction).eq(First(truth)).to_type(torch.ScalarType.Float32);

    // Sigmoids that have saturated are all exactly 1; of equal outputs the first one counts, as in TensorFlow. LibTorch's
    // argmax promises no order among them.
    private static Tensor First(Tensor values)
    {
        var largest = values.eq(values.amax([-1], keepdim: true)).to_type(torch.ScalarType.Float32);
        return largest.mul(torch.arange(values.shape[^1], 0, -1, device: values.device)).argmax(-1);
    }

    private protected override Tensor Matches(Tensor truth, Tensor prediction) => Compare(truth, prediction);
}
