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
        .Add("mean_squared_error", _ => new MeanSquaredError(), "mse")
        .Add("mean_absolute_error", _ => new MeanAbsoluteError(), "mae")
        .Add("huber", config => new Huber(config.Number("delta", 1)), "huber_loss")
        .Add("kl_divergence", _ => new KLDivergence(), "kld", "kullback_leibler_divergence")
        .Add("categorical_focal_crossentropy", config => new CategoricalFocalCrossentropy(
            config.Number("alpha", 0.25), config.Number("gamma", 2), config.Flag("from_logits", false),
            config.Number("label_smoothing", 0)))
        .Add("binary_focal_crossentropy", config => new BinaryFocalCrossentropy(
            config.Flag("apply_class_balancing", false), config.Number("alpha", 0.25), config.Number("gamma", 2),
            config.Flag("from_logits", false), config.Number("label_smoothing", 0)));
}
