using DistractedDriver.Core;

namespace DistractedDriver.Initializers;

/// <summary>The initializers by Keras's identifiers.</summary>
internal static class InitializerRegistry
{
    private static readonly WithoutEffect Neutral = new(["dtype"], []);

    public static Registry<Initializer> All { get; } = new Registry<Initializer>("initializers", Neutral)
        .Add("glorot_uniform", config => new GlorotUniform(Seed(config)))
        .Add("glorot_normal", config => new GlorotNormal(Seed(config)))
        .Add("he_uniform", config => new HeUniform(Seed(config)))
        .Add("he_normal", config => new HeNormal(Seed(config)))
        .Add("lecun_uniform", config => new LecunUniform(Seed(config)))
        .Add("lecun_normal", config => new LecunNormal(Seed(config)))
        .Add("variance_scaling", config => new VarianceScaling(
            config.Number("scale", 1), config.TextOr("mode", "fan_in"), config.TextOr("distribution", "truncated_normal"), Seed(config)))
        .Add("random_normal", config => new RandomNormal(config.Number("mean", 0), config.Number("stddev", 0.05), Seed(config)))
        .Add("random_uniform", config => new RandomUniform(config.Number("minval", -0.05), config.Number("maxval", 0.05), Seed(config)))
        .Add("truncated_normal", config => new TruncatedNormal(config.Number("mean", 0), config.Number("stddev", 0.05), Seed(config)))
        .Add("zeros", _ => new Constant(0))
        .Add("ones", _ => new Constant(1))
        .Add("constant", config => new Constant(config.Number("value", 0)));

    private static int? Seed(ObjectConfig config) => (int?)config.OptionalNumber("seed");
}
