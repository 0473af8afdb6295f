using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>A rate that stays the same.</summary>
internal sealed class ConstantRate : LearningRateSchedule
{
    private readonly float _rate;

    public ConstantRate(float rate)
    {
        if (!(rate > 0) || float.IsInfinity(rate)) throw new ArgumentOutOfRangeException(nameof(rate),
            $"The learning rate is a number above 0. Received: {rate}.");
        _rate = rate;
    }

    public override float At(long step) => _rate;

    internal override JsonNode GetConfig() => _rate;
}
