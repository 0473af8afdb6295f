using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>
/// Gradient descent, w ← w − η·g; with momentum m ← μ·m − η·g and w ← w + m, and by Nesterov's rule w ← w + μ·m − η·g with
/// the new m, as Keras computes them.
/// </summary>
public sealed class SGD : Optimizer
{
    private readonly float _momentum;
    private readonly bool _nesterov;
    private readonly double _givenMomentum;

    /// <param name="learningRate">η, above 0, or a schedule; 0.01 by default.</param>
    /// <param name="momentum">μ, in 0…1.</param>
    /// <param name="nesterov">Whether Nesterov's rule is used.</param>
    /// <param name="weightDecay">The share that weights lose in a step, times η, before they follow the gradient; null for none.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public SGD(
        LearningRateSchedule? learningRate = null, double momentum = 0, bool nesterov = false,
        double? weightDecay = null, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
        : base(learningRate ?? 0.01, clipnorm, clipvalue, globalClipnorm, weightDecay) =>
        (_momentum, _nesterov, _givenMomentum) = (Momentum(momentum), nesterov, momentum);

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["momentum"] = _givenMomentum, ["nesterov"] = _nesterov };

    internal override IReadOnlyList<OptimizerSlot[]> Slots => _momentum > 0 ? [[new(0, "m", "momentum")]] : [];

    /// <inheritdoc/>
    protected override int SlotsPerWeight => _momentum > 0 ? 1 : 0;

    /// <inheritdoc/>
    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate)
    {
        var step = gradient * -rate;
        if (_momentum == 0)
        {
            weight.add_(step);
            return;
        }
        slots[0].mul_(_momentum).add_(step);
        weight.add_(_nesterov ? step + slots[0] * _momentum : slots[0]);
    }
}
