using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

// Training: what is done with a network - losses, metrics, optimizers, callbacks, and the loop that brings them together.
// It takes batches from the folder Data and gives a History to the folder Reports; it knows nothing of files or plots.

/// <summary>What a model was compiled with. Weights frozen or thawed later count from the next compilation on.</summary>
internal sealed record Compilation(Optimizer Optimizer, Loss Loss, IReadOnlyList<Metric> Metrics, IReadOnlyList<Weight> Trained);

/// <summary>The training and the evaluation loop.</summary>
internal sealed class Trainer(Model model, Compilation compiled)
{
    private readonly Weight[] _regularized = [.. model.Weights.Where(weight => weight.Regularizer is not null)];

    public History Fit(
        IBatchSource train, IBatchSource? validation, int epochs, int initialEpoch, IReadOnlyList<Callback> callbacks, int? verbose, FeatureCache? cache,
        IReadOnlyDictionary<int, float>? classWeight = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
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
            var bar = ProgressBar.Start(train.Batches, verbose);
            var logs = Epoch(train, network, bar, callbacks, classWeight);
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

    private Dictionary<string, double> Epoch(IBatchSource train, FrozenPrefix network, ProgressBar bar, IReadOnlyList<Callback> callbacks, IReadOnlyDictionary<int, float>? classWeight)
    {
        var means = new EpochMeans(compiled.Metrics);
        for (var batch = 0; batch < train.Batches; batch++)
        {
            using (torch.NewDisposeScope())
            {
                var indices = train.Indices(batch);
                var (features, labels) = network.Load(train, indices);
                CheckLabels(train, labels);
                Step(network, features, labels!, SampleWeights(train.Weights(indices)?.to(Config.ComputeDevice), labels!, classWeight), means);
            }
            var logs = means.Logs();
            bar.Update(batch + 1, logs);
            foreach (var callback in callbacks) callback.OnTrainBatchEnd(batch, logs);
        }
        train.EndEpoch();
        return means.Logs();
    }

    private Tensor WithCosts(Tensor loss) => _regularized.Aggregate(loss, (sum, weight) => sum + weight.Regularizer!.Cost(weight.Stored));

    private static Tensor? SampleWeights(Tensor? weights, Tensor labels, IReadOnlyDictionary<int, float>? classWeight)
    {
        if (classWeight is null) return weights;
        var classes = (labels.dim() > 1 && labels.shape[^1] > 1 ? labels.argmax(-1) : labels.reshape(-1)).to_type(torch.ScalarType.Int64);
        var own = torch.tensor(Enumerable.Range(0, classWeight.Count).Select(number => classWeight[number]).ToArray(), device: labels.device).index_select(0, classes);
        return weights is null ? own : own * weights;
    }

    private void Step(FrozenPrefix network, Tensor features, Tensor labels, Tensor? weights, EpochMeans means)
    {
        var context = new CallContext(training: true);
        foreach (var weight in compiled.Trained) weight.Stored.requires_grad_(true);
        try
        {
            var prediction = network.Run(features, context);
            var losses = compiled.Loss.Call(labels, prediction, context);
            // Divided by the number of samples, not by their weights' sum, as Keras does.
            var loss = WithCosts((weights is null ? losses : losses * weights).mean());
            if (compiled.Trained.Count > 0)
            {
                var gradients = torch.autograd.grad([loss], [.. compiled.Trained.Select(weight => weight.Stored)]);
                compiled.Optimizer.Apply(compiled.Trained, [.. gradients]);
            }
            means.Add(loss.item<float>(), labels, prediction, context);
        }
        finally
        {
            foreach (var weight in compiled.Trained) weight.Stored.requires_grad_(false);
        }
    }

    private Dictionary<string, double> Evaluate(IBatchSource source, FrozenPrefix network, ProgressBar? bar)
    {
        using var _ = torch.no_grad();
        var means = new EpochMeans(compiled.Metrics);
        for (var batch = 0; batch < source.Batches; batch++)
        {
            using (torch.NewDisposeScope())
            {
                var (features, labels) = network.Load(source, source.Indices(batch));
                CheckLabels(source, labels);
                var context = new CallContext(training: false);
                var prediction = network.Run(features, context);
                means.Add(WithCosts(compiled.Loss.Call(labels!, prediction, context).mean()).item<float>(), labels!, prediction, context);
            }
            bar?.Update(batch + 1, means.Logs());
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
        private readonly IReadOnlyList<Metric> _metrics;
        private double _loss;
        private long _samples;

        public EpochMeans(IReadOnlyList<Metric> metrics)
        {
            _metrics = metrics;
            foreach (var metric in metrics) metric.Reset();
        }

        public void Add(float loss, Tensor labels, Tensor prediction, CallContext context)
        {
            using var _ = torch.no_grad();
            _loss += (double)loss * labels.shape[0];
            _samples += labels.shape[0];
            foreach (var metric in _metrics) metric.Update(labels, prediction, context);
        }

        // Keras keeps means in float32, so that is what its logs show.
        public Dictionary<string, double> Logs()
        {
            var logs = new Dictionary<string, double> { ["loss"] = (float)(_loss / _samples) };
            foreach (var metric in _metrics) logs[metric.Name] = metric.Result;
            return logs;
        }
    }
}
