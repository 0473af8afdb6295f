using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// −y·log p − (1 − y)·log(1 − p), averaged over a sample's outputs, each of them a question of its own with yes or no for
/// an answer. After a sigmoid it is computed from the logits, as Keras does.
/// </summary>
public sealed class BinaryCrossentropy : Loss
{
    /// <inheritdoc/>
    public override string Name => "binary_crossentropy";

    internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (context.LogitsOf(prediction, "sigmoid") is { } logits)
            return torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction: torch.nn.Reduction.None).mean([-1]);
        var p = prediction.clamp(Epsilon, 1 - Epsilon);
        return (truth * (p + Epsilon).log() + (1 - truth) * (1 - p + Epsilon).log()).mean([-1]).neg();
    }
}
