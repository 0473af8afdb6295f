using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

// Training: what is done with a network - losses, metrics, optimizers, callbacks, and the loop that brings them together.
// It takes batches from the folder Data and gives a History to the folder Reports; it knows nothing of files or plots.

/// <summary>What a model was compiled with. Weights frozen or thawed later count from the next compilation on.</summary>
internal sealed record Compilation
{
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public Compilation(Optimizer optimizer, Loss loss, IReadOnlyList<Metric> metrics, IReadOnlyList<Metric> weightedMetrics, IReadOnlyList<Weight> trained)
    {
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

/// <summary>The training and the evaluation loop.</summary>
internal sealed class Trainer(Model model, Compilation compiled)
{
    private int _nextBatch;
    private int[] _batches = [];
    private readonly Weight[] _regularized = [.. model.Weights.Where(weight => weight.Regularizer is not null)];

    public History Fit(
        IBatchSource train, IBatchSource? validation, int epochs, int initialEpoch, IReadOnlyList<Callback> callbacks, int? verbose, FeatureCache? cache,
        IReadOnlyDictionary<int, float>? classWeight, int? stepsPerEpoch, bool shuffleBatches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        var steps = stepsPerEpoch ?? train.Batches;
        if (steps < 1 || steps > train.Batches)
            throw new ArgumentOutOfRangeException(nameof(stepsPerEpoch), $"stepsPerEpoch is from 1 to the {train.Batches} batches that {train.Description} has. Received: {steps}.");
        if (classWeight is not null && !classWeight.Keys.Order().SequenceEqual(Enumerable.Range(0, classWeight.Count)))
            throw new ArgumentException($"classWeight has a weight for each class from 0 on. Received: weights for {string.Join(", ", classWeight.Keys.Order())}.", nameof(classWeight));
        ArgumentOutOfRangeException.ThrowIfNegative(initialEpoch);
        model.CheckShape(train);
        if (validation is not null) model.CheckShape(validation);

        var history = new History();
        var network = new FrozenPrefix(model, compiled.Trained, cache);
        foreach (var callback in callbacks) callback.Model = model;
        model.StopTraining = false;
        foreach (var callback in callbacks) callback.OnTrainBegin();
        for (var epoch = initialEpoch; epoch < epochs && !model.StopTraining; epoch++)
        {
            foreach (var callback in callbacks) callback.OnEpochBegin(epoch);
            if (verbose != 0) Console.WriteLine($"Epoch {epoch + 1}/{epochs}");
            var bar = ProgressBar.Start(steps, verbose);
            if (_nextBatch == 0) _batches = shuffleBatches ? PythonRandom.Global.Permutation(train.Batches) : [.. Enumerable.Range(0, train.Batches)];
            var logs = Epoch(train, steps, network, bar, callbacks, classWeight);
            if (validation is not null)
                foreach (var (name, value) in Evaluate(validation, network, null)) logs[$"val_{name}"] = value;
            bar.Finish(logs);
            // A callback may add what it knows, such as the learning rate, for those after it and for the history.
            foreach (var callback in callbacks) callback.OnEpochEnd(epoch, logs);
            history.Add(epoch, logs);
        }
        foreach (var callback in callbacks) callback.OnTrainEnd();
        return history;
    }

    public Dictionary<string, double> Evaluate(IBatchSource source, FeatureCache? cache, int? verbose)
    {
        model.CheckShape(source);
        var bar = ProgressBar.Start(source.Batches, verbose);
        var logs = Evaluate(source, new FrozenPrefix(model, compiled.Trained, cache), bar);
        bar.Finish(logs);
        return logs;
    }

    private Dictionary<string, double> Epoch(IBatchSource train, int steps, FrozenPrefix network, ProgressBar bar, IReadOnlyList<Callback> callbacks, IReadOnlyDictionary<int, float>? classWeight)
    {
        var means = new EpochMeans(compiled);
        for (var step = 0; step < steps;)
        {
            var count = Math.Min(steps - step, train.Batches - _nextBatch);
            foreach (var (indices, features, labels) in network.Load(train, _batches[_nextBatch..(_nextBatch + count)]))
            {
                CheckLabels(train, labels);
                Step(network, features, labels!, SampleWeights(train.Weights(indices)?.to(Config.ComputeDevice), labels!, classWeight), means);
                var logs = means.Logs();
                bar.Update(step + 1, logs);
                foreach (var callback in callbacks) callback.OnTrainBatchEnd(step, logs);
                step++;
            }
            _nextBatch += count;
            if (_nextBatch < train.Batches && train.GoesOn) continue;
            train.EndEpoch();
            _nextBatch = 0;
        }
        return means.Logs();
    }

    // The mean of what samples lose, divided by their number and not by their weights' sum, as in Keras; and what weights cost.
    private Tensor LossOf(Tensor labels, Tensor prediction, Tensor? weights, CallContext context)
    {
        var losses = compiled.Loss.Call(labels, prediction, context);
        var mean = (weights is null ? losses : losses * weights).mean();
        return _regularized.Aggregate(mean, (sum, weight) => sum + weight.Regularizer!.Cost(weight.Stored));
    }

    private static Tensor? SampleWeights(Tensor? weights, Tensor labels, IReadOnlyDictionary<int, float>? classWeight)
    {
        if (classWeight is null) return weights;
        var classes = (labels.dim() > 1 && labels.shape[^1] > 1 ? labels.argmax(-1) : labels.reshape(-1)).to_type(torch.ScalarType.Int64);
        var own = torch.tensor(Enumerable.Range(0, classWeight.Count).Select(number => classWeight[number]).ToArray(), device: labels.device).index_select(0, classes);
        return weights is null ? own : own * weights;
    }

    private void Step(FrozenPrefix network, Tensor features, Tensor labels, Tensor? weights, EpochMeans means)
    {
        using var alone = network.AloneIfSmall(features);
        var context = new CallContext(training: true);
        foreach (var weight in compiled.Trained) weight.Stored.requires_grad_(true);
        try
        {
            var prediction = network.Run(features, context);
            var loss = LossOf(labels, prediction, weights, context);
            if (compiled.Trained.Count > 0)
            {
                var gradients = torch.autograd.grad([loss], [.. compiled.Trained.Select(weight => weight.Stored)]);
                compiled.Optimizer.Apply(compiled.Trained, [.. gradients]);
            }
            means.Add(loss.item<float>(), labels, prediction, weights, context);
        }
        finally
        {
            foreach (var weight in compiled.Trained) weight.Stored.requires_grad_(false);
        }
    }

    private Dictionary<string, double> Evaluate(IBatchSource source, FrozenPrefix network, ProgressBar? bar)
    {
        using var _ = torch.no_grad();
        var means = new EpochMeans(compiled);
        var batch = 0;
        foreach (var (indices, features, labels) in network.Load(source, [.. Enumerable.Range(0, source.Batches)]))
        {
            using var alone = network.AloneIfSmall(features);
            CheckLabels(source, labels);
            var weights = source.Weights(indices)?.to(Config.ComputeDevice);
            var context = new CallContext(training: false);
            var prediction = network.Run(features, context);
            means.Add(LossOf(labels!, prediction, weights, context).item<float>(), labels!, prediction, weights, context);
            bar?.Update(++batch, means.Logs());
        }
        source.EndEpoch();
        return means.Logs();
    }

    private void CheckLabels(IBatchSource source, Tensor? labels)
    {
        var expected = compiled.Loss.LabelShape(model.OutputShape);
        if (labels is null)
            throw new InvalidOperationException($"There is nothing to learn from: {source.Description} gives no labels. Give classMode: \"categorical\", or labels beside the array.");
        if (!expected.Accepts(labels.shape))
            throw new ArgumentException($"{source.Description} gives labels of shape ({string.Join(", ", labels.shape)}), {compiled.Loss.Name} compares {expected} with the model's {model.OutputShape}: {compiled.Loss.LabelAdvice}.");
    }

    /// <summary>An epoch's loss, weighted by the size of its batches, and its metrics.</summary>
    private sealed class EpochMeans
    {
        private readonly Compilation _compiled;
        private double _loss;
        private long _samples;

        public EpochMeans(Compilation compiled)
        {
            _compiled = compiled;
            foreach (var metric in Metrics) metric.Reset();
        }

        private IEnumerable<Metric> Metrics => _compiled.Metrics.Concat(_compiled.WeightedMetrics);

        public void Add(float loss, Tensor labels, Tensor prediction, Tensor? weights, CallContext context)
        {
            using var _ = torch.no_grad();
            _loss += (double)loss * labels.shape[0];
            _samples += labels.shape[0];
            foreach (var metric in _compiled.Metrics) metric.Update(labels, prediction, null, context);
            foreach (var metric in _compiled.WeightedMetrics) metric.Update(labels, prediction, weights, context);
        }

        // Keras keeps means in float32, so that is what its logs show.
        public Dictionary<string, double> Logs()
        {
            var logs = new Dictionary<string, double> { ["loss"] = (float)(_loss / _samples) };
            foreach (var metric in Metrics) logs[metric.Name] = metric.Result;
            return logs;
        }
    }
}
