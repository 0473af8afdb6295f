using System.Text.Json.Nodes;

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

    /// <summary>The class's name in Keras.</summary>
    protected virtual string ClassName => GetType().Name;

    /// <summary>The arguments that it was made with, by Keras's names; one of your own gives them if it is to be saved.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>As Keras writes it into an optimizer's configuration: an object, or a number for a rate that stays.</summary>
    internal virtual JsonNode GetConfig() => new JsonObject
    {
        ["module"] = "keras.optimizers.schedules",
        ["class_name"] = ClassName,
        ["config"] = Arguments,
        ["registered_name"] = null,
    };

    private protected static int Steps(int steps, string name) =>
        steps >= 1 ? steps : throw new ArgumentOutOfRangeException(name, $"{name} is at least 1. Received: {steps}.");
}
