using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>
/// −Σ y·log p over classes that exclude each other, y one-hot. After a softmax it is computed from the logits, otherwise
/// from the outputs made to sum to 1, as Keras does.
/// </summary>
/// <param name="fromLogits">Whether the model gives logits, without a softmax.</param>
/// <param name="labelSmoothing">How far labels are moved from 0 and 1 towards equal shares, in 0…1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
public sealed class CategoricalCrossentropy(bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    private readonly float _smoothing = Smoothing(labelSmoothing);

    /// <inheritdoc/>
    public override string Name => "categorical_crossentropy";

    /// <inheritdoc/>
    protected override JsonObject Arguments =>
        fromLogits || labelSmoothing != 0
            ? new() { ["from_logits"] = fromLogits, ["label_smoothing"] = labelSmoothing, ["axis"] = -1 }
            : [];

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (_smoothing > 0) truth = truth * (1 - _smoothing) + _smoothing / truth.shape[^1];
        if ((fromLogits ? prediction : context.LogitsOf(prediction, "softmax")) is { } logits)
            return (truth * logits.log_softmax(-1)).sum(-1).neg();
        var p = (prediction / prediction.sum(-1, keepdim: true)).clamp(Epsilon, 1 - Epsilon);
        return (truth * p.log()).sum(-1).neg();
    }
}
