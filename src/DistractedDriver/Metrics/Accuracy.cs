using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>
/// Keras's "accuracy", whose meaning follows from the shapes: with one output a yes or no at 0.5; with several, whether the
/// largest output is the true class, given one-hot or as a number. It does so whatever the loss: ten sigmoids under a binary
/// cross-entropy are scored as
/// ten classes.
/// </summary>
/// <param name="name">The name in logs and history.</param>
public sealed class Accuracy(string name = "accuracy") : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) =>
        prediction.shape[^1] == 1 ? BinaryAccuracy.Compare(truth, prediction, 0.5f)
        : truth.dim() < prediction.dim() ? CategoricalAccuracy.Compare(truth, prediction, context)
        : CategoricalAccuracy.Compare(truth.argmax(-1), prediction, context);
}
