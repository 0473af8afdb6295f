using DistractedDriver.Core;

namespace DistractedDriver.Optimizers;

/// <summary>The optimizers by Keras's identifiers; without arguments, with Keras's defaults.</summary>
internal static class OptimizerRegistry
{
    private static readonly WithoutEffect Neutral = new(
        ["ema_momentum", "ema_overwrite_frequency", "jit_compile", "is_legacy_optimizer"],
            new() { ["use_ema"] = [false], ["decay"] = [0] });

    public static Registry<Optimizer> All { get; } = new Registry<Optimizer>("optimizers by name", Neutral)
        .Add("adam", config => new Adam(
            ScheduleRegistry.Rate(config), config.Number("beta_1", 0.9), config.Number("beta_2", 0.999), config.Number("epsilon", 1e-7),
            config.Flag("amsgrad", false), Decay(config), Norm(config), Value(config), GlobalNorm(config)))
        .Add("adamw", config => new AdamW(
            ScheduleRegistry.Rate(config), config.Number("weight_decay", 0.004), config.Number("beta_1", 0.9),
            config.Number("beta_2", 0.999), config.Number("epsilon", 1e-7), config.Flag("amsgrad", false), Norm(config), Value(config),
            GlobalNorm(config)))
        .Add("nadam", config => new Nadam(
            ScheduleRegistry.Rate(config), config.Number("beta_1", 0.9), config.Number("beta_2", 0.999), config.Number("epsilon", 1e-7),
            Decay(config), Norm(config), Value(config), GlobalNorm(config)))
        .Add("adagrad", config => new Adagrad(
            ScheduleRegistry.Rate(config), config.Number("initial_accumulator_value", 0.1), config.Number("epsilon", 1e-7), Decay(config),
            Norm(config), Value(config), GlobalNorm(config)))
        .Add("sgd", config => new SGD(
            ScheduleRegistry.Rate(config), config.Number("momentum", 0), config.Flag("nesterov", false), Decay(config), Norm(config),
            Value(config), GlobalNorm(config)))
        .Add("rmsprop", config => new RMSprop(
            ScheduleRegistry.Rate(config), config.Number("rho", 0.9), config.Number("momentum", 0), config.Number("epsilon", 1e-7),
            config.Flag("centered", false), Decay(config), Norm(config), Value(config), GlobalNorm(config)));

    private static double? Decay(ObjectConfig config) => config.OptionalNumber("weight_decay");

    private static double? Norm(ObjectConfig config) => config.OptionalNumber("clipnorm");

    private static double? Value(ObjectConfig config) => config.OptionalNumber("clipvalue");

    private static double? GlobalNorm(ObjectConfig config) => config.OptionalNumber("global_clipnorm");
}
