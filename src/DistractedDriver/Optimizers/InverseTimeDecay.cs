using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>initial / (1 + rate·t), t = step / steps.</summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">After how many steps t is 1, at least 1.</param>
/// <param name="decayRate">By how much the divisor grows until then.</param>
/// <param name="staircase">Whether it changes only every <paramref name="decaySteps"/> steps, then at once.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="decaySteps"/> is below 1.</exception>
public sealed class InverseTimeDecay(double initialLearningRate, int decaySteps, double decayRate, bool staircase = false)
    : LearningRateSchedule
{
    private readonly int _steps = Steps(decaySteps, nameof(decaySteps));

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["initial_learning_rate"] = initialLearningRate,
        ["decay_steps"] = decaySteps,
        ["decay_rate"] = decayRate,
        ["staircase"] = staircase,
        ["name"] = ClassName,
    };

    /// <inheritdoc/>
    public override float At(long step)
    {
        var times = (float)step / _steps;
        return (float)initialLearningRate / (1 + (float)decayRate * (staircase ? MathF.Floor(times) : times));
    }
}
