using DistractedDriver.Core;
using DistractedDriver.Losses;

namespace DistractedDriver.Metrics;

/// <summary>The metrics by Keras's identifiers.</summary>
internal static class MetricRegistry
{
    private static readonly WithoutEffect Neutral = new(["fn", "dtype"], new()
    {
        ["summation_method"] = ["interpolation"],
        ["label_weights"] = [],
        ["num_labels"] = [],
        ["axis"] = [-1],
        ["beta"] = [1],
    });

    public static Registry<Metric> All { get; } = new Registry<Metric>("metrics", Neutral)
        .Add("accuracy", _ => new Accuracy(), "acc")
        .Add("binary_accuracy", config => new BinaryAccuracy(threshold: config.Number("threshold", 0.5)))
        .Add("categorical_accuracy", _ => new CategoricalAccuracy())
        .Add("sparse_categorical_accuracy", _ => new SparseCategoricalAccuracy())
        .Add("top_k_categorical_accuracy", config => new TopKCategoricalAccuracy((int)config.Number("k", 5)))
        .Add("sparse_top_k_categorical_accuracy", config => new SparseTopKCategoricalAccuracy((int)config.Number("k", 5)))
        .Add("precision", config => new Precision(
            config.OptionalNumber("thresholds"), (int?)config.OptionalNumber("top_k"), (int?)config.OptionalNumber("class_id")))
        .Add("recall", config => new Recall(
            config.OptionalNumber("thresholds"), (int?)config.OptionalNumber("top_k"), (int?)config.OptionalNumber("class_id")))
        .Add("auc", config => new AUC(
            (int)config.Number("num_thresholds", 200), config.TextOr("curve", "ROC"), config.Flag("multi_label", false),
            config.Flag("from_logits", false)))
        .Add("f1_score", config => new F1Score((string?)config.Get("average") ?? throw new ArgumentException(
            "F1Score gives one figure where average is \"macro\", \"micro\" or \"weighted\": new F1Score(average: \"macro\")."),
            config.OptionalNumber("threshold")))
        .Add("root_mean_squared_error", _ => new RootMeanSquaredError(), "rmse")
        .Add("mean_squared_error", OfLoss("mean_squared_error"), "mse")
        .Add("mean_absolute_error", OfLoss("mean_absolute_error"), "mae")
        .Add("binary_crossentropy", OfLoss("binary_crossentropy"), "bce")
        .Add("categorical_crossentropy", OfLoss("categorical_crossentropy"))
        .Add("sparse_categorical_crossentropy", OfLoss("sparse_categorical_crossentropy"))
        .Add("kl_divergence", OfLoss("kl_divergence"), "kld");

    /// <summary>
    /// The metric of that identifier; accuracy, and what is a loss as well, is logged under the name by which it was asked for, as in
    /// Keras.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such metric here.</exception>
    public static Metric Make(string identifier)
    {
        var made = All.Make(identifier);
        if (made is Accuracy or LossMetric) made.Name = identifier;
        return made;
    }

    private static Func<ObjectConfig, Metric> OfLoss(string identifier) =>
        config => new LossMetric(LossRegistry.All.MakeWithin(identifier, config));
}
