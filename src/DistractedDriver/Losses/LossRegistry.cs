using DistractedDriver.Core;

namespace DistractedDriver.Losses;

/// <summary>The losses by Keras's identifiers.</summary>
internal static class LossRegistry
{
    public static Registry<Loss> All { get; } = new Registry<Loss>("losses")
        .Add("binary_crossentropy", config =>
            new BinaryCrossentropy(config.Flag("from_logits", false), config.Number("label_smoothing", 0)), "bce")
        .Add("categorical_crossentropy", config =>
            new CategoricalCrossentropy(config.Flag("from_logits", false), config.Number("label_smoothing", 0)))
        .Add("sparse_categorical_crossentropy", config => new SparseCategoricalCrossentropy(config.Flag("from_logits", false)))
        .Add("mean_squared_error", _ => new MeanSquaredError(), "mse");
}
