using DistractedDriver.Core;

namespace DistractedDriver.Losses;

/// <summary>The losses by Keras's identifiers.</summary>
internal static class LossRegistry
{
    private static readonly WithoutEffect Neutral = new(
        ["fn", "dtype"], new() { ["reduction"] = ["auto", "sum_over_batch_size"], ["axis"] = [-1], ["ignore_class"] = [] });

    public static Registry<Loss> All { get; } = new Registry<Loss>("losses", Neutral)
        .Add("binary_crossentropy", config =>
            new BinaryCrossentropy(config.Flag("from_logits", false), config.Number("label_smoothing", 0)), "bce")
        .Add("categorical_crossentropy", config =>
            new CategoricalCrossentropy(config.Flag("from_logits", false), config.Number("label_smoothing", 0)))
        .Add("sparse_categorical_crossentropy", config => new SparseCategoricalCrossentropy(config.Flag("from_logits", false)))
        .Add("mean_squared_error", _ => new MeanSquaredError(), "mse");
}
