using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>
/// −y·log p − (1 − y)·log(1 − p), averaged over a sample's outputs, each of them a question of its own with yes or no for
/// an answer. After a sigmoid it is computed from the logits, as Keras does.
/// </summary>
/// <param name="fromLogits">Whether the model gives logits, without a sigmoid.</param>
/// <param name="labelSmoothing">How far labels are moved from 0 and 1 towards 0.5, in 0…1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
public sealed class BinaryCrossentropy(bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    private readonly float _smoothing = Smoothing(labelSmoothing);

    /// <inheritdoc/>
    public override string Name => "binary_crossentropy";

    /// <inheritdoc/>
    protected override JsonObject Arguments =>
        fromLogits || labelSmoothing != 0
            ? new() { ["from_logits"] = fromLogits, ["label_smoothing"] = labelSmoothing, ["axis"] = -1 }
            : [];

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (_smoothing > 0) truth = truth * (1 - _smoothing) + 0.5f * _smoothing;
        return OfEachOutput(truth, prediction, fromLogits, context).mean([-1]);
    }

    /// <summary>The cross-entropy of each output, of the same shape.</summary>
    internal static Tensor OfEachOutput(Tensor truth, Tensor prediction, bool fromLogits, CallContext context)
    {
        if ((fromLogits ? prediction : context.LogitsOf(prediction, "sigmoid")) is { } logits)
            return torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction: torch.nn.Reduction.None);
        var p = prediction.clamp(Epsilon, 1 - Epsilon);
        return (truth * (p + Epsilon).log() + (1 - truth) * (1 - p + Epsilon).log()).neg();
    }
}
