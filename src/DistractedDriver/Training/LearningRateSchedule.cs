namespace DistractedDriver;

/// <summary>How the learning rate goes with an optimizer's steps. A number converts to a rate that stays.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>A rate that stays the same.</summary>
    /// <param name="rate">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0.</exception>
    public static implicit operator LearningRateSchedule(float rate) => new ConstantRate(rate);

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Counted from 0, batch by batch.</param>
    public abstract float At(long step);

    private protected static int Steps(int steps, string name) =>
        steps >= 1 ? steps : throw new ArgumentOutOfRangeException(name, $"{name} is at least 1. Received: {steps}.");
}

/// <summary>A rate that stays the same.</summary>
internal sealed class ConstantRate : LearningRateSchedule
{
    private readonly float _rate;

    public ConstantRate(float rate)
    {
        if (!(rate > 0) || float.IsInfinity(rate)) throw new ArgumentOutOfRangeException(nameof(rate), $"The learning rate is a number above 0. Received: {rate}.");
        _rate = rate;
    }

    public override float At(long step) => _rate;
}

/// <summary>initial · rateᵗ, t = step / steps: the same share less in the same number of steps.</summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">After how many steps the rate has been multiplied by <paramref name="decayRate"/>, at least 1.</param>
/// <param name="decayRate">What it is multiplied by.</param>
/// <param name="staircase">Whether it changes only every <paramref name="decaySteps"/> steps, then at once.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="decaySteps"/> is below 1.</exception>
public sealed class ExponentialDecay(float initialLearningRate, int decaySteps, float decayRate, bool staircase = false) : LearningRateSchedule
{
    private readonly int _steps = Steps(decaySteps, nameof(decaySteps));

    /// <inheritdoc/>
    public override float At(long step)
    {
        var times = (float)step / _steps;
        return initialLearningRate * MathF.Pow(decayRate, staircase ? MathF.Floor(times) : times);
    }
}

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
public sealed class CosineDecay(float initialLearningRate, int decaySteps, float alpha = 0, float? warmupTarget = null, int warmupSteps = 0) : LearningRateSchedule
{
    private readonly int _steps = Steps(decaySteps, nameof(decaySteps));

    /// <inheritdoc/>
    public override float At(long step)
    {
        if (warmupTarget is not { } target) return Descent(initialLearningRate, step);
        return step < warmupSteps
            ? initialLearningRate + (target - initialLearningRate) * step / warmupSteps
            : Descent(target, step - warmupSteps);
    }

    private float Descent(float from, long step)
    {
        var cosine = 0.5f * (1 + MathF.Cos(MathF.PI * Math.Min(step, _steps) / _steps));
        return from * ((1 - alpha) * cosine + alpha);
    }
}
