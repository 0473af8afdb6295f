using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>A rate that stays the same.</summary>
internal sealed class ConstantRate : LearningRateSchedule
{
    public ConstantRate(double rate)
    {
        if (!(rate > 0) || double.IsInfinity(rate)) throw new ArgumentOutOfRangeException(nameof(rate),
            $"The learning rate is a number above 0. Received: {rate}.");
        Rate = rate;
    }

    /// <summary>The rate as it was given.</summary>
    public double Rate { get; }

    public override float At(long step) => (float)Rate;

    internal override JsonNode GetConfig() => Rate;
}
