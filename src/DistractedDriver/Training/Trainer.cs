using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Features;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Training;

// Training: the loops that train, evaluate and predict, and the progress that they show. They take batches from Features and give
// a History to the callbacks; they know nothing of files or charts.

/// <summary>The training and the evaluation loop.</summary>
/// <param name="model">The network, _compiled.</param>
internal sealed class Trainer(Model model)
{
    private readonly Compilation _compiled = model.RequireCompilation();
    private Weight[]? _regularized;
    private int _nextBatch;
    private long _batchesLeft;
    private bool _isExhausted;
    private int[] _batches = [];

    /// <summary>Trains.</summary>
    /// <exception cref="ArgumentException">The request is out of its range, or samples or labels do not fit the model.</exception>
    public History Fit(FitRequest request)
    {
        var (train, steps) = (request.Train, request.StepsPerEpoch ?? request.Train.Batches);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Epochs, 1, "epochs");
        ArgumentOutOfRangeException.ThrowIfNegative(request.InitialEpoch, "initialEpoch");
        InputCheck.RequireSamples(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, "stepsPerEpoch");
        CheckClassWeight(request.ClassWeight);
        InputCheck.Require(model, train);
        var validation = Validation(request);

        if (_compiled.IsOutdated)
            TextOutput.WriteLine(
                $"Layers of '{model.Name}' were frozen or unfrozen after it was compiled: this training goes by what they were then. "
                    + "Compile it again for the change to count.");

        var history = new History();
        var network = new Network(model, request.Features);
        var callbacks = request.Callbacks;
        var logged = LoggedNames(request, validation);
        foreach (var callback in callbacks) (callback.Model, callback.LoggedNames) = (model, logged);
        model.StopTraining = false;
        // Arrays go round as often as there are epochs, whatever an epoch's length; a generator gives all that it has in an epoch.
        _batchesLeft = train.ContinuesInNextEpoch ? (long)train.Batches * request.Epochs : long.MaxValue;
        foreach (var callback in callbacks) callback.OnTrainBegin();
        for (var epoch = request.InitialEpoch; epoch < request.Epochs && !model.StopTraining && !_isExhausted; epoch++)
        {
            foreach (var callback in callbacks) callback.OnEpochBegin(epoch);
            if (request.Verbose != 0 && request.Epochs > 1) TextOutput.WriteLine($"Epoch {epoch + 1}/{request.Epochs}");
            var bar = ProgressBar.Start(steps, request.Verbose);
            if (_nextBatch == 0) _batches = request.ShuffleBatches
                ? PythonRandom.Global.Permutation(train.Batches)
                : [.. Enumerable.Range(0, train.Batches)];
            var logs = Epoch(request, steps, network, bar);
            if (validation is not null && request.ValidationFreq.Includes(epoch + 1))
                foreach (var (name, value) in Evaluate(validation, network, null, request.ValidationSteps)) logs[$"val_{name}"] = value;
            bar.Finish(logs);
            // A callback may add what it knows, such as the learning rate, for those after it and for the history.
            foreach (var callback in callbacks) callback.OnEpochEnd(epoch, logs);
            history.Add(epoch, logs);
        }
        foreach (var callback in callbacks) callback.OnTrainEnd();
        return history;
    }

    /// <summary>Measures the loss and the metrics.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="features">Where features of frozen layers are kept; null to compute the whole network.</param>
    /// <param name="verbose">0 silent, 1 or null a bar, 2 a line.</param>
    /// <param name="steps">How many batches; null for all.</param>
    /// <exception cref="ArgumentException">There are no samples, or samples or labels do not fit the model.</exception>
    public Dictionary<string, double> Evaluate(IBatchSource source, FeatureStore? features, int? verbose, int? steps)
    {
        InputCheck.RequireSamples(source);
        InputCheck.Require(model, source);
        var bar = ProgressBar.Start(Math.Min(steps ?? source.Batches, source.Batches), verbose);
        var logs = Evaluate(source, new Network(model, features), bar, steps);
        bar.Finish(logs);
        return logs;
    }

    /// <summary>Takes one step on one batch.</summary>
    /// <returns>The loss and the metrics of the batch, before the step.</returns>
    /// <exception cref="ArgumentException">Samples or labels do not fit the model.</exception>
    public Dictionary<string, double> TrainOnBatch(IBatchSource source, IReadOnlyDictionary<int, double>? classWeight)
    {
        CheckClassWeight(classWeight);
        InputCheck.Require(model, source);
        var (network, means) = (new Network(model, null), new EpochMeans(_compiled));
        foreach (var batch in network.Load(source, [0])) Step(network, source, batch, classWeight, means);
        return means.Logs();
    }

    // Known where no callback of one's own can add names.
    private string[]? LoggedNames(FitRequest request, IBatchSource? validation)
    {
        if (request.Callbacks.Any(callback => callback.GetType().Assembly != typeof(Trainer).Assembly || callback is LambdaCallback))
            return null;
        string[] own = ["loss", .. _compiled.Metrics.Concat(_compiled.WeightedMetrics).Select(metric => metric.Name)];
        var isMeasured = validation is not null && Enumerable.Range(request.InitialEpoch + 1, Math.Max(0, request.Epochs
            - request.InitialEpoch)).Any(request.ValidationFreq.Includes);
        return [.. own, .. isMeasured ? own.Select(name => $"val_{name}") : [],
            .. request.Callbacks.Any(callback => callback is ReduceLROnPlateau or LearningRateScheduler) ? ["lr"] : Array.Empty<string>()];
    }

    private IBatchSource? Validation(FitRequest request)
    {
        if (request.Validation is not { } validation) return null;
        if (validation.Samples == 0)
        {
            TextOutput.WriteLine($"{validation.Description} has no samples: nothing is measured after an epoch.");
            return null;
        }
        InputCheck.Require(model, validation);
        return validation;
    }

    private Dictionary<string, double> Epoch(FitRequest request, int steps, Network network, ProgressBar bar)
    {
        var (train, means, step) = (request.Train, new EpochMeans(_compiled), 0);
        while (step < steps && !_isExhausted && !model.StopTraining)
        {
            var count = (int)Math.Min(Math.Min(steps - step, train.Batches - _nextBatch), _batchesLeft);
            foreach (var batch in network.Load(train, _batches[_nextBatch..(_nextBatch + count)]))
            {
                Step(network, train, batch, request.ClassWeight, means);
                var logs = means.Logs();
                bar.Update(++step, logs);
                foreach (var callback in request.Callbacks) callback.OnTrainBatchEnd(step - 1, logs);
                if (model.StopTraining) break;
            }
            (_nextBatch, _batchesLeft) = (_nextBatch + count, _batchesLeft - count);
            if (_nextBatch == train.Batches || !train.ContinuesInNextEpoch || model.StopTraining)
            {
                train.EndEpoch();
                _nextBatch = 0;
            }
            _isExhausted = step < steps && (_batchesLeft == 0 || !train.ContinuesInNextEpoch);
        }
        if (_isExhausted && !model.StopTraining)
            TextOutput.WriteLine($"{train.Description} has only {train.Batches} batches, so that stepsPerEpoch: {steps} ran out of data "
                + "and the training ends here.");
        return means.Logs();
    }

    // The mean of what samples lose, divided by their number and not by their weights' sum, as in Keras; and what weights cost.
    private Tensor LossOf(Tensor labels, Tensor prediction, Tensor? weights, CallContext context)
    {
        var losses = _compiled.Loss.Call(labels, prediction, context);
        var mean = (weights is null ? losses : losses * weights).mean();
        _regularized ??= [.. model.Weights.Where(weight => weight.Penalty is not null)];
        return _regularized.Aggregate(mean, (sum, weight) => sum + weight.Penalty!(weight.Stored));
    }

    private static Tensor? SampleWeights(Tensor? weights, Tensor labels, IReadOnlyDictionary<int, double>? classWeight)
    {
        if (classWeight is null or { Count: 0 }) return weights;
        var classes = (labels.dim() > 1 && labels.shape[^1] > 1 ? labels.argmax(-1) : labels.reshape(-1)).to_type(torch.ScalarType.Int64);
        if (classes.max().item<long>() is var last && last >= classWeight.Count)
            throw new ArgumentException(
                $"classWeight has weights for the classes 0 to {classWeight.Count - 1}, but there are samples of class {last}. Give one "
                    + "for each class.", nameof(classWeight));
        var own = torch.tensor(Enumerable.Range(0, classWeight.Count).Select(number => (float)classWeight[number]).ToArray(),
            device: labels.device).index_select(0, classes);
        return weights is null ? own : own * weights;
    }

    private void Step(
        Network network, IBatchSource source, FeatureBatch batch, IReadOnlyDictionary<int, double>? classWeight, EpochMeans means)
    {
        using var scope = torch.NewDisposeScope();
        using var single = network.OnOneThreadIfSmall(batch.Features);
        var labels = RequireLabels(source, batch.Labels);
        var weights = SampleWeights(batch.SampleWeight, labels, classWeight);
        var context = new CallContext(training: true, _compiled.Frozen);
        foreach (var weight in _compiled.Trained) weight.Stored.requires_grad_(true);
        try
        {
            var prediction = network.Run(batch.Features, context);
            var loss = LossOf(labels, prediction, weights, context);
            if (_compiled.Trained.Count > 0)
            {
                var gradients = Gradients.Of(loss, [.. _compiled.Trained.Select(weight => weight.Stored)]);
                _compiled.Optimizer.Apply(_compiled.Trained, gradients);
            }
            means.Add(loss.item<float>(), labels, prediction, weights, context);
        }
        finally
        {
            foreach (var weight in _compiled.Trained) weight.Stored.requires_grad_(false);
        }
    }

    private Dictionary<string, double> Evaluate(IBatchSource source, Network network, ProgressBar? bar, int? steps)
    {
        if (steps is { } asked) ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(steps));
        using var _ = torch.no_grad();
        var means = new EpochMeans(_compiled);
        var done = 0;
        foreach (var batch in network.Load(source, [.. Enumerable.Range(0, Math.Min(steps ?? source.Batches, source.Batches))]))
        {
            using var scope = torch.NewDisposeScope();
            using var single = network.OnOneThreadIfSmall(batch.Features);
            var labels = RequireLabels(source, batch.Labels);
            var context = new CallContext(training: false);
            var prediction = network.Run(batch.Features, context);
            means.Add(LossOf(labels, prediction, batch.SampleWeight, context).item<float>(), labels, prediction, batch.SampleWeight,
                context);
            bar?.Update(++done, means.Logs());
        }
        source.EndEpoch();
        return means.Logs();
    }

    private Tensor RequireLabels(IBatchSource source, Tensor? labels)
    {
        var expected = _compiled.Loss.LabelShape(model.OutputShape);
        if (labels is null)
            throw new InvalidOperationException(
                $"There is nothing to learn from: {source.Description} gives no labels. Give classMode: \"categorical\", or labels beside "
                    + "the array.");
        // A label a sample, where one unit gives one: with an axis of its own or without, as in Keras.
        if (expected.Count == labels.dim() + 1 && expected[expected.Count - 1] == 1) labels = labels.unsqueeze(-1);
        else if (expected.Count == labels.dim() - 1 && labels.shape[^1] == 1) labels = labels.squeeze(-1);
        return expected.Accepts(labels.shape)
            ? labels
            : throw new ArgumentException(
                $"{source.Description} gives labels of shape ({string.Join(", ", labels.shape)}), {_compiled.Loss.Name} compares "
                    + $"{expected} with the model's {model.OutputShape}: {_compiled.Loss.LabelAdvice}.");
    }

    private static void CheckClassWeight(IReadOnlyDictionary<int, double>? classWeight)
    {
        if (classWeight is not null && !classWeight.Keys.Order().SequenceEqual(Enumerable.Range(0, classWeight.Count)))
            throw new ArgumentException(
                $"classWeight has a weight for each class from 0 on. Received: weights for {string.Join(", ", classWeight.Keys.Order())}.",
                    nameof(classWeight));
    }
}
