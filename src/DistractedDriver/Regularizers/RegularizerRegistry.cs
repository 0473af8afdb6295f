using DistractedDriver.Core;

namespace DistractedDriver.Regularizers;

/// <summary>The regularizers by Keras's identifiers.</summary>
internal static class RegularizerRegistry
{
    public static Registry<Regularizer> All { get; } = new Registry<Regularizer>("regularizers")
        .Add("l1", config => new L1(config.Number("l1", 0.01)))
        .Add("l2", config => new L2(config.Number("l2", 0.01)))
        .Add("l1_l2", config => new L1L2(config.Number("l1", 0.01), config.Number("l2", 0.01)));
}
