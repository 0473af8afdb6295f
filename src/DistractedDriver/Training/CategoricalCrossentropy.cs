using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// −Σ y·log p over classes that exclude each other, y one-hot. After a softmax it is computed from the logits, otherwise
/// from the outputs made to sum to 1, as Keras does.
/// </summary>
public sealed class CategoricalCrossentropy : Loss
{
    /// <inheritdoc/>
    public override string Name => "categorical_crossentropy";

    internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (context.LogitsOf(prediction, "softmax") is { } logits)
            return (truth * logits.log_softmax(-1)).sum(-1).neg();
        var p = (prediction / prediction.sum(-1, keepdim: true)).clamp(Epsilon, 1 - Epsilon);
        return (truth * p.log()).sum(-1).neg();
    }
}
