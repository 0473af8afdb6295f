using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>
/// Half a wave of a cosine from the initial rate down to a share of it (I. Loshchilov, F. Hutter, arXiv:1608.03983), after a
/// linear rise where there is a warm-up.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">How many steps the way down takes, at least 1.</param>
/// <param name="alpha">The share that is left in the end, in 0…1.</param>
/// <param name="warmupTarget">The rate that the rise leads to; null for no warm-up.</param>
/// <param name="warmupSteps">How many steps the rise takes.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="decaySteps"/> is below 1.</exception>
public sealed class CosineDecay(double initialLearningRate, int decaySteps, double alpha = 0, double? warmupTarget = null,
    int warmupSteps = 0) : LearningRateSchedule
{
    private readonly int _steps = Steps(decaySteps, nameof(decaySteps));
    private readonly float _initial = (float)initialLearningRate;
    private readonly float _alpha = (float)alpha;
    private readonly float? _target = (float?)warmupTarget;

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["initial_learning_rate"] = initialLearningRate,
        ["decay_steps"] = decaySteps,
        ["alpha"] = alpha,
        ["name"] = ClassName,
        ["warmup_target"] = warmupTarget,
        ["warmup_steps"] = warmupSteps,
    };

    /// <inheritdoc/>
    public override float At(long step)
    {
        if (_target is not { } target) return Descent(_initial, step);
        return step < warmupSteps
            ? _initial + (target - _initial) * step / warmupSteps
            : Descent(target, step - warmupSteps);
    }

    private float Descent(float from, long step)
    {
        var cosine = 0.5f * (1 + MathF.Cos(MathF.PI * Math.Min(step, _steps) / _steps));
        return from * ((1 - _alpha) * cosine + _alpha);
    }
}
