using System.Collections;
using System.Runtime.CompilerServices;

namespace DistractedDriver.Metrics;

/// <summary>
/// Metrics, as a model is compiled with them: <c>metrics: ["accuracy", new AUC()]</c>, or <c>metrics: "accuracy"</c> alone.
/// </summary>
[CollectionBuilder(typeof(MetricList), nameof(Create))]
public sealed class MetricList : IReadOnlyList<Metric>
{
    private readonly Metric[] _metrics;

    private MetricList(Metric[] metrics) => _metrics = metrics;

    /// <inheritdoc/>
    public int Count => _metrics.Length;

    /// <inheritdoc/>
    public Metric this[int index] => _metrics[index];

    /// <summary>The metric of that Keras identifier.</summary>
    /// <exception cref="ArgumentException">There is no such metric here.</exception>
    public static implicit operator MetricList(string identifier) => new([identifier]);

    /// <summary>One metric.</summary>
    public static implicit operator MetricList(Metric metric) => new([metric]);

    /// <summary>Several metrics.</summary>
    public static implicit operator MetricList(Metric[] metrics) => new(metrics);

    /// <summary>Several metrics.</summary>
    public static implicit operator MetricList(List<Metric> metrics) => new([.. metrics]);

    /// <summary>The metrics of these Keras identifiers.</summary>
    /// <exception cref="ArgumentException">There is no metric of one of them here.</exception>
    public static implicit operator MetricList(string[] identifiers) => new([.. identifiers.Select(identifier => (Metric)identifier)]);

    /// <summary>Several metrics.</summary>
    public static MetricList Create(ReadOnlySpan<Metric> metrics) => new(metrics.ToArray());

    /// <inheritdoc/>
    public IEnumerator<Metric> GetEnumerator() => _metrics.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
