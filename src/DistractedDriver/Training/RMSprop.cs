using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

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

    /// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
    /// <param name="rho">How slowly the mean of squared gradients forgets, in 0…1.</param>
    /// <param name="momentum">The share of the last step that is taken again, in 0…1.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="centered">Whether the variance is used in place of the mean square.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public RMSprop(
        LearningRateSchedule? learningRate = null, float rho = 0.9f, float momentum = 0, float epsilon = 1e-7f, bool centered = false,
        float? clipnorm = null, float? clipvalue = null, float? globalClipnorm = null)
        : base(learningRate ?? 0.001f, new GradientClipping(clipnorm, clipvalue, globalClipnorm)) =>
        (_rho, _momentum, _epsilon, _centered) = (Forgetting(rho, nameof(rho)), Momentum(momentum), Epsilon(epsilon), centered);

    private protected override int MemoryPerWeight => 1 + (_centered ? 1 : 0) + (_momentum > 0 ? 1 : 0);

    private protected override void Step(Tensor weight, Tensor gradient, Tensor[] memory, float rate)
    {
        var square = memory[0];
        square.mul_(_rho).add_(gradient.square(), 1 - _rho);
        var spread = square;
        if (_centered)
        {
            var mean = memory[1];
            mean.mul_(_rho).add_(gradient, 1 - _rho);
            spread = square - mean.square();
        }
        var increment = gradient * rate * (spread + _epsilon).rsqrt();
        weight.sub_(_momentum > 0 ? memory[^1].mul_(_momentum).add_(increment) : increment);
    }
}
