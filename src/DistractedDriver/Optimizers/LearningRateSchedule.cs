namespace DistractedDriver.Optimizers;

/// <summary>How the learning rate goes with an optimizer's steps. A number converts to a rate that stays.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>A rate that stays the same.</summary>
    /// <param name="rate">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0.</exception>
    public static implicit operator LearningRateSchedule(double rate) => new ConstantRate(rate);

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Counted from 0, batch by batch.</param>
    public abstract float At(long step);

    private protected static int Steps(int steps, string name) =>
        steps >= 1 ? steps : throw new ArgumentOutOfRangeException(name, $"{name} is at least 1. Received: {steps}.");
}
