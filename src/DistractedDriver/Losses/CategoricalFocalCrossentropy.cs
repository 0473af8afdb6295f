using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>
/// The categorical cross-entropy in which what is predicted well already counts less: −Σ α·(1 − p)^γ·y·log p, y one-hot
/// (T.-Y. Lin et al., arXiv:1708.02002).
/// </summary>
/// <param name="alpha">α, the weight of the whole.</param>
/// <param name="gamma">γ, how much less what is predicted well counts; 0 for the cross-entropy.</param>
/// <param name="fromLogits">Whether the model gives logits, without a softmax.</param>
/// <param name="labelSmoothing">How far labels are moved from 0 and 1 towards equal shares, in 0…1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
public sealed class CategoricalFocalCrossentropy(double alpha = 0.25, double gamma = 2, bool fromLogits = false, double labelSmoothing = 0)
    : Loss
{
    private readonly float _smoothing = Smoothing(labelSmoothing);

    /// <inheritdoc/>
    public override string Name => "categorical_focal_crossentropy";

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["alpha"] = alpha,
        ["gamma"] = gamma,
        ["from_logits"] = fromLogits,
        ["label_smoothing"] = labelSmoothing,
        ["axis"] = -1,
    };

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (_smoothing > 0) truth = truth * (1 - _smoothing) + _smoothing / truth.shape[^1];
        var shares = (fromLogits ? prediction : context.LogitsOf(prediction, "softmax")) is { } logits ? logits.softmax(-1) : prediction;
        var p = (shares / shares.sum(-1, keepdim: true)).clamp(Epsilon, 1 - Epsilon);
        return (truth * p.log() * (1 - p).pow((float)gamma) * (float)-alpha).sum(-1);
    }
}
