using DistractedDriver.Core;

namespace DistractedDriver.Optimizers;

/// <summary>The optimizers by Keras's identifiers, with Keras's defaults.</summary>
internal static class OptimizerRegistry
{
    public static Registry<Optimizer> All { get; } = new Registry<Optimizer>("optimizers by name")
        .Add("adam", _ => new Adam())
        .Add("sgd", _ => new SGD())
        .Add("rmsprop", _ => new RMSprop());
}
