using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>(initial − end)·(1 − t)ᵖ + end, t = step / steps: down to the last rate, where it stays or begins anew.</summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">How many steps the way down takes, at least 1.</param>
/// <param name="endLearningRate">The rate that it leads to.</param>
/// <param name="power">p; 1 for a straight line.</param>
/// <param name="cycle">Whether the way down is stretched to the next multiple of its steps each time that it is over.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="decaySteps"/> is below 1.</exception>
public sealed class PolynomialDecay(double initialLearningRate, int decaySteps, double endLearningRate = 0.0001, double power = 1,
    bool cycle = false) : LearningRateSchedule
{
    private readonly int _steps = Steps(decaySteps, nameof(decaySteps));

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["initial_learning_rate"] = initialLearningRate,
        ["decay_steps"] = decaySteps,
        ["end_learning_rate"] = endLearningRate,
        ["power"] = power,
        ["cycle"] = cycle,
        ["name"] = ClassName,
    };

    /// <inheritdoc/>
    public override float At(long step)
    {
        var steps = cycle && step > 0 ? _steps * MathF.Ceiling((float)step / _steps) : _steps;
        var left = 1 - (cycle ? step : Math.Min(step, _steps)) / steps;
        return (float)(initialLearningRate - endLearningRate) * MathF.Pow(left, (float)power) + (float)endLearningRate;
    }
}
