using DistractedDriver.Core;

namespace DistractedDriver.Metrics;

/// <summary>The metrics by Keras's identifiers.</summary>
internal static class MetricRegistry
{
    private static readonly WithoutEffect Neutral = new(["fn", "dtype"], []);

    public static Registry<Metric> All { get; } = new Registry<Metric>("metrics", Neutral)
        .Add("accuracy", _ => new Accuracy(), "acc")
        .Add("binary_accuracy", config => new BinaryAccuracy(threshold: config.Number("threshold", 0.5)))
        .Add("categorical_accuracy", _ => new CategoricalAccuracy())
        .Add("sparse_categorical_accuracy", _ => new SparseCategoricalAccuracy())
        .Add("top_k_categorical_accuracy", config => new TopKCategoricalAccuracy((int)config.Number("k", 5)));

    /// <summary>The metric of that identifier; accuracy is logged under the name by which it was asked for, as in Keras.</summary>
    /// <exception cref="ArgumentException">There is no such metric here.</exception>
    public static Metric Make(string identifier)
    {
        var made = All.Make(identifier);
        if (made is Accuracy) made.Name = identifier;
        return made;
    }
}
