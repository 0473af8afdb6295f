using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>
/// Adagrad (J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011) as Keras computes it: s ← s + g², w ← w − η·g / √(s + ε). Weights whose
/// gradients were large so far take smaller steps.
/// </summary>
public sealed class Adagrad : Optimizer
{
    private readonly float _start;
    private readonly float _epsilon;
    private readonly (double Start, double Epsilon) _given;

    /// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
    /// <param name="initialAccumulatorValue">What s is at first, at least 0.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="weightDecay">The share that weights lose in a step, times η, before they follow the gradient; null for none.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public Adagrad(
        LearningRateSchedule? learningRate = null, double initialAccumulatorValue = 0.1, double epsilon = 1e-7, double? weightDecay = null,
        double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
        : base(learningRate ?? 0.001, clipnorm, clipvalue, globalClipnorm, weightDecay)
    {
        if (!(initialAccumulatorValue >= 0))
            throw new ArgumentOutOfRangeException(nameof(initialAccumulatorValue),
                $"initialAccumulatorValue is at least 0. Received: {initialAccumulatorValue}.");
        (_start, _epsilon) = ((float)initialAccumulatorValue, Epsilon(epsilon));
        _given = (initialAccumulatorValue, epsilon);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["initial_accumulator_value"] = _given.Start, ["epsilon"] = _given.Epsilon };

    internal override IReadOnlyList<OptimizerSlot[]> Slots => [[new(0, "accumulator", "accumulator")]];

    /// <inheritdoc/>
    protected override int SlotsPerWeight => 1;

    /// <inheritdoc/>
    protected override float SlotStart => _start;

    /// <inheritdoc/>
    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate)
    {
        slots[0].add_(gradient.square());
        weight.sub_(gradient * rate * (slots[0] + _epsilon).rsqrt());
    }
}
