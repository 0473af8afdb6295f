using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Optimizers;

namespace DistractedDriver.Models;

/// <summary>What a model was compiled with. Weights frozen or unfrozen later count from the next compilation on.</summary>
internal sealed record Compilation
{
    private readonly Model _model;
    private IReadOnlyList<Weight>? _trained;

    /// <param name="optimizer">How weights follow their gradients.</param>
    /// <param name="loss">What training makes small.</param>
    /// <param name="metrics">What is reported besides.</param>
    /// <param name="weightedMetrics">What is reported with each sample counting as much as it does in the loss.</param>
    /// <param name="model">The model; which of its layers are frozen now is what counts from here on.</param>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public Compilation(Optimizer optimizer, Loss loss, IReadOnlyList<Metric> metrics, IReadOnlyList<Metric> weightedMetrics,
        Model model)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        foreach (var metric in weightedMetrics)
            if (metrics.Any(other => other.Name == metric.Name)) metric.Name = $"weighted_{metric.Name}";
        if (metrics.Concat(weightedMetrics).GroupBy(metric => metric.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two metrics are called '{twice.Key}'; give one of them another name.", nameof(metrics));
        (Optimizer, Loss, Metrics, WeightedMetrics) = (optimizer, loss, metrics, weightedMetrics);
        _model = model;
        Frozen = new HashSet<object>(FrozenIn(model));
    }

    public Optimizer Optimizer { get; }

    public Loss Loss { get; }

    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Those in which a sample counts as much as in the loss.</summary>
    public IReadOnlyList<Metric> WeightedMetrics { get; }

    /// <summary>The weights that training changes.</summary>
    public IReadOnlyList<Weight> Trained => _trained ??= [.. TrainedIn(_model).Distinct()];

    /// <summary>The layers that were frozen when the model was compiled.</summary>
    public IReadOnlySet<object> Frozen { get; }

    /// <summary>Whether layers were frozen or unfrozen since, which training does not heed.</summary>
    public bool IsOutdated => !Frozen.SetEquals(FrozenIn(_model));

    private static IEnumerable<Layer> FrozenIn(Model model) =>
        model.WithAllWithin().Where(layer => !layer.Trainable);

    private IEnumerable<Weight> TrainedIn(Layer layer) => Frozen.Contains(layer) ? []
        : layer is Model model ? model.Layers.SelectMany(TrainedIn)
        : layer.Weights.Where(weight => weight.IsLearned);
}
