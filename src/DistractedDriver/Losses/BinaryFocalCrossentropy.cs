using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>
/// The binary cross-entropy in which what is predicted well already counts less: each output's, times (1 − q)^γ, where q is the
/// probability given to what is true; averaged over a sample's outputs (T.-Y. Lin et al., arXiv:1708.02002).
/// </summary>
/// <param name="applyClassBalancing">Whether a yes counts α times and a no 1 − α times.</param>
/// <param name="alpha">α, the weight of a yes.</param>
/// <param name="gamma">γ, how much less what is predicted well counts; 0 for the cross-entropy.</param>
/// <param name="fromLogits">Whether the model gives logits, without a sigmoid.</param>
/// <param name="labelSmoothing">How far labels are moved from 0 and 1 towards 0.5, in 0…1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
public sealed class BinaryFocalCrossentropy(
    bool applyClassBalancing = false, double alpha = 0.25, double gamma = 2, bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    private readonly float _smoothing = Smoothing(labelSmoothing);

    /// <inheritdoc/>
    public override string Name => "binary_focal_crossentropy";

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["apply_class_balancing"] = applyClassBalancing,
        ["alpha"] = alpha,
        ["gamma"] = gamma,
        ["from_logits"] = fromLogits,
        ["label_smoothing"] = labelSmoothing,
        ["axis"] = -1,
    };

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        if (_smoothing > 0) truth = truth * (1 - _smoothing) + 0.5f * _smoothing;
        var p = fromLogits ? prediction.sigmoid() : prediction;
        var ofTruth = truth * p + (1 - truth) * (1 - p);
        var losses = (1 - ofTruth).pow((float)gamma) * BinaryCrossentropy.OfEachOutput(truth, prediction, fromLogits, context);
        if (applyClassBalancing) losses *= truth * (float)alpha + (1 - truth) * (float)(1 - alpha);
        return losses.mean([-1]);
    }
}
