using System.Text.Json.Nodes;
using DistractedDriver.Core;

namespace DistractedDriver.Optimizers;

/// <summary>The schedules of learning rates by the names of Keras's classes.</summary>
internal static class ScheduleRegistry
{
    public static Registry<LearningRateSchedule> All { get; } = new Registry<LearningRateSchedule>("schedules of learning rates")
        .Add("ExponentialDecay", config => new ExponentialDecay(
            config.Number("initial_learning_rate"), config.Integer("decay_steps"), config.Number("decay_rate"),
                config.Flag("staircase", false)))
        .Add("CosineDecay", config => new CosineDecay(
            config.Number("initial_learning_rate"), config.Integer("decay_steps"), config.Number("alpha", 0),
                config.OptionalNumber("warmup_target"),
            (int)config.Number("warmup_steps", 0)))
        .Add("InverseTimeDecay", config => new InverseTimeDecay(
            config.Number("initial_learning_rate"), config.Integer("decay_steps"), config.Number("decay_rate"),
            config.Flag("staircase", false)))
        .Add("PolynomialDecay", config => new PolynomialDecay(
            config.Number("initial_learning_rate"), config.Integer("decay_steps"), config.Number("end_learning_rate", 0.0001),
            config.Number("power", 1), config.Flag("cycle", false)))
        .Add("PiecewiseConstantDecay", config => new PiecewiseConstantDecay(
            [.. Numbers(config, "boundaries").Select(boundary => (long)boundary)], [.. Numbers(config, "values")]));

    private static IEnumerable<double> Numbers(ObjectConfig config, string key) =>
        (config.Get(key) as JsonArray ?? throw new ArgumentException($"{key} is a list of numbers.")).Select(number => (double)number!);

    /// <summary>
    /// An optimizer's learning rate as a file gives it: a number, which older files call lr, or a schedule; null where there is none.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such schedule here.</exception>
    public static LearningRateSchedule? Rate(ObjectConfig optimizer) => (optimizer.Get("learning_rate") ?? optimizer.Get("lr")) switch
    {
        null => null,
        JsonObject schedule => All.Make((string)schedule["class_name"]!, schedule["config"]!.AsObject()),
        var rate => (double)rate,
    };
}
