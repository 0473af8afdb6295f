using DistractedDriver.Core;

namespace DistractedDriver.Initializers;

/// <summary>The initializers by Keras's identifiers.</summary>
internal static class InitializerRegistry
{
    public static Registry<Initializer> All { get; } = new Registry<Initializer>("initializers")
        .Add("glorot_uniform", config => new GlorotUniform(Seed(config)))
        .Add("glorot_normal", config => new GlorotNormal(Seed(config)))
        .Add("he_uniform", config => new HeUniform(Seed(config)))
        .Add("he_normal", config => new HeNormal(Seed(config)))
        .Add("zeros", _ => new Constant(0))
        .Add("ones", _ => new Constant(1))
        .Add("constant", config => new Constant(config.Number("value", 0)));

    private static int? Seed(ObjectConfig config) => (int?)config.OptionalNumber("seed");
}
