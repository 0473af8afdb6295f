using DistractedDriver.Core;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Optimizers;

namespace DistractedDriver.Models;

/// <summary>What a model was compiled with. Weights frozen or unfrozen later count from the next compilation on.</summary>
internal sealed record Compilation
{
    /// <param name="optimizer">How weights follow their gradients.</param>
    /// <param name="loss">What training makes small.</param>
    /// <param name="metrics">What is reported besides.</param>
    /// <param name="weightedMetrics">What is reported with each sample counting as much as it does in the loss.</param>
    /// <param name="trained">The weights that training changes.</param>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public Compilation(Optimizer optimizer, Loss loss, IReadOnlyList<Metric> metrics, IReadOnlyList<Metric> weightedMetrics,
        IReadOnlyList<Weight> trained)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        foreach (var metric in weightedMetrics)
            if (metrics.Any(other => other.Name == metric.Name)) metric.Name = $"weighted_{metric.Name}";
        if (metrics.Concat(weightedMetrics).GroupBy(metric => metric.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two metrics are called '{twice.Key}'; give one of them another name.", nameof(metrics));
        (Optimizer, Loss, Metrics, WeightedMetrics, Trained) = (optimizer, loss, metrics, weightedMetrics, trained);
    }

    public Optimizer Optimizer { get; }

    public Loss Loss { get; }

    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Those in which a sample counts as much as in the loss.</summary>
    public IReadOnlyList<Metric> WeightedMetrics { get; }

    /// <summary>The weights that training changes.</summary>
    public IReadOnlyList<Weight> Trained { get; }
}
