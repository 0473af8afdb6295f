using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>
/// RMSprop (G. Hinton, Coursera lecture 6e, 2012) as Keras computes it: v ← ρ·v + (1 − ρ)·g², w ← w − η·g / √(v + ε); centred, with
/// the square of the gradients' mean taken off v; with momentum, steps add up.
/// </summary>
public sealed class RMSprop : Optimizer
{
    private readonly float _rho;
    private readonly float _momentum;
    private readonly float _epsilon;
    private readonly bool _centered;
    private readonly (double Rho, double Momentum, double Epsilon) _given;

    /// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
    /// <param name="rho">How slowly the mean of squared gradients forgets, in 0…1.</param>
    /// <param name="momentum">The share of the last step that is taken again, in 0…1.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="centered">Whether the variance is used in place of the mean square.</param>
    /// <param name="weightDecay">The share that weights lose in a step, times η, before they follow the gradient; null for none.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public RMSprop(
        LearningRateSchedule? learningRate = null, double rho = 0.9, double momentum = 0, double epsilon = 1e-7, bool centered = false,
        double? weightDecay = null, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
        : base(learningRate ?? 0.001, clipnorm, clipvalue, globalClipnorm, weightDecay)
    {
        (_rho, _momentum, _epsilon, _centered) = (DecayRate(rho, nameof(rho)), Momentum(momentum), Epsilon(epsilon), centered);
        _given = (rho, momentum, epsilon);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments =>
        new() { ["rho"] = _given.Rho, ["momentum"] = _given.Momentum, ["epsilon"] = _given.Epsilon, ["centered"] = _centered };

    internal override IReadOnlyList<OptimizerSlot[]> Slots =>
    [
        [new(0, "velocity", "velocity")],
        .. _momentum > 0 ? new[] { new OptimizerSlot[] { new(SlotsPerWeight - 1, "momentum", "momentum") } } : [],
        .. _centered ? new[] { new OptimizerSlot[] { new(1, "average_gradient", "average_gradient") } } : [],
    ];

    /// <inheritdoc/>
    protected override int SlotsPerWeight => 1 + (_centered ? 1 : 0) + (_momentum > 0 ? 1 : 0);

    /// <inheritdoc/>
    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate)
    {
        var square = slots[0];
        square.mul_(_rho).add_(gradient.square(), 1 - _rho);
        var spread = square;
        if (_centered)
        {
            var mean = slots[1];
            mean.mul_(_rho).add_(gradient, 1 - _rho);
            spread = square - mean.square();
        }
        var increment = gradient * rate * (spread + _epsilon).rsqrt();
        weight.sub_(_momentum > 0 ? slots[^1].mul_(_momentum).add_(increment) : increment);
    }
}
