using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>
/// Adam with Nesterov's momentum (T. Dozat, ICLR 2016) as Keras computes it: the momentum of step t is μₜ = β₁·(1 − ½·0.96ᵗ), and
/// the step goes along μₜ₊₁·m / (1 − μ₁…μₜ₊₁) + (1 − μₜ)·g / (1 − μ₁…μₜ).
/// </summary>
public sealed class Nadam : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;
    private readonly (double Beta1, double Beta2, double Epsilon) _given;
    private (long Step, float Product) _momenta = (0, 1);

    /// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, in 0…1.</param>
    /// <param name="beta2">How slowly the mean of squared gradients forgets, in 0…1.</param>
    /// <param name="epsilon">Added to the root of the latter.</param>
    /// <param name="weightDecay">The share that weights lose in a step, times η, before they follow the gradient; null for none.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public Nadam(
        LearningRateSchedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7,
        double? weightDecay = null, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
        : base(learningRate ?? 0.001, clipnorm, clipvalue, globalClipnorm, weightDecay)
    {
        (_beta1, _beta2, _epsilon) = (DecayRate(beta1, nameof(beta1)), DecayRate(beta2, nameof(beta2)), Epsilon(epsilon));
        _given = (beta1, beta2, epsilon);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments =>
        new() { ["beta_1"] = _given.Beta1, ["beta_2"] = _given.Beta2, ["epsilon"] = _given.Epsilon };

    internal override IReadOnlyList<OptimizerSlot[]> Slots => [[new(0, "m", "momentum"), new(1, "v", "velocity")]];

    /// <inheritdoc/>
    protected override int SlotsPerWeight => 2;

    /// <inheritdoc/>
    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate)
    {
        var (mean, square) = (slots[0], slots[1]);
        var (now, next, product) = (Momentum(Iterations), Momentum(Iterations + 1), Product());
        mean.add_(gradient - mean, 1 - _beta1);
        square.add_(gradient.square() - square, 1 - _beta2);
        var direction = mean * (next / (1 - product * next)) + gradient * ((1 - now) / (1 - product));
        var spread = (square / (1 - MathF.Pow(_beta2, Iterations))).sqrt_().add_(_epsilon);
        weight.sub_(direction.mul_(rate).div_(spread));
    }

    private float Momentum(long step) => _beta1 * (1 - 0.5f * MathF.Pow(0.96f, step));

    // μ₁…μₜ; Keras 3 keeps it in its files, and it follows from the number of steps.
    private float Product()
    {
        if (_momenta.Step > Iterations) _momenta = (0, 1);
        while (_momenta.Step < Iterations) _momenta = (_momenta.Step + 1, _momenta.Product * Momentum(_momenta.Step + 1));
        return _momenta.Product;
    }
}
