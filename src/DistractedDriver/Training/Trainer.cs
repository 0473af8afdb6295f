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
    private readonly Weight[] _regularized = [.. model.Weights.Where(weight => weight.Penalty is not null)];
    private int _nextBatch;
    private int[] _batches = [];

    /// <summary>Trains.</summary>
    /// <exception cref="ArgumentException">The request is out of its range, or samples or labels do not fit the model.</exception>
    public History Fit(FitRequest request)
    {
        var (train, steps) = (request.Train, request.StepsPerEpoch ?? request.Train.Batches);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Epochs, 1, "epochs");
        ArgumentOutOfRangeException.ThrowIfNegative(request.InitialEpoch, "initialEpoch");
        if (steps < 1 || steps > train.Batches)
            throw new ArgumentException(
                $"stepsPerEpoch is from 1 to the {train.Batches} batches that {train.Description} has. Received: {steps}.");
        CheckClassWeight(request.ClassWeight);
        InputCheck.Require(model, train);
        if (request.Validation is not null) InputCheck.Require(model, request.Validation);

        if (_compiled.IsOutdated)
            TextOutput.WriteLine(
                $"Layers of '{model.Name}' were frozen or unfrozen after it was compiled: this training goes by what they were then. "
                    + "Compile it again for the change to count.");

        var history = new History();
        var network = new Network(model, request.Features);
        var callbacks = request.Callbacks;
        foreach (var callback in callbacks) callback.Model = model;
        model.StopTraining = false;
        foreach (var callback in callbacks) callback.OnTrainBegin();
        for (var epoch = request.InitialEpoch; epoch < request.Epochs && !model.StopTraining; epoch++)
        {
            foreach (var callback in callbacks) callback.OnEpochBegin(epoch);
            if (request.Verbose != 0) TextOutput.WriteLine($"Epoch {epoch + 1}/{request.Epochs}");
            var bar = ProgressBar.Start(steps, request.Verbose);
            if (_nextBatch == 0) _batches = request.ShuffleBatches
                ? PythonRandom.Global.Permutation(train.Batches)
                : [.. Enumerable.Range(0, train.Batches)];
            var logs = Epoch(request, steps, network, bar);
            if (request.Validation is not null)
                foreach (var (name, value) in Evaluate(request.Validation, network, null)) logs[$"val_{name}"] = value;
            bar.Finish(logs);
            // A callback may add what it knows, such as the learning rate, for those after it and for the history.
            foreach (var callback in callbacks) callback.OnEpochEnd(epoch, logs);
            history.Add(epoch, logs);
        }
        foreach (var callback in callbacks) callback.OnTrainEnd();
        return history;
    }

    /// <summary>Measures the loss and the metrics.</summary>
    /// <exception cref="ArgumentException">Samples or labels do not fit the model.</exception>
    public Dictionary<string, double> Evaluate(IBatchSource source, FeatureStore? features, int? verbose)
    {
        InputCheck.Require(model, source);
        var bar = ProgressBar.Start(source.Batches, verbose);
        var logs = Evaluate(source, new Network(model, features), bar);
        bar.Finish(logs);
        return logs;
    }

    private Dictionary<string, double> Epoch(FitRequest request, int steps, Network network, ProgressBar bar)
    {
        var (train, means) = (request.Train, new EpochMeans(_compiled));
        for (var step = 0; step < steps;)
        {
            var count = Math.Min(steps - step, train.Batches - _nextBatch);
            foreach (var batch in network.Load(train, _batches[_nextBatch..(_nextBatch + count)]))
            {
                var labels = RequireLabels(train, batch.Labels);
                Step(network, batch.Features, labels, SampleWeights(batch.SampleWeight, labels, request.ClassWeight), means);
                var logs = means.Logs();
                bar.Update(step + 1, logs);
                foreach (var callback in request.Callbacks) callback.OnTrainBatchEnd(step, logs);
                step++;
            }
            _nextBatch += count;
            if (_nextBatch < train.Batches && train.ContinuesInNextEpoch) continue;
            train.EndEpoch();
            _nextBatch = 0;
        }
        return means.Logs();
    }

    // The mean of what samples lose, divided by their number and not by their weights' sum, as in Keras; and what weights cost.
    private Tensor LossOf(Tensor labels, Tensor prediction, Tensor? weights, CallContext context)
    {
        var losses = _compiled.Loss.Call(labels, prediction, context);
        var mean = (weights is null ? losses : losses * weights).mean();
        return _regularized.Aggregate(mean, (sum, weight) => sum + weight.Penalty!(weight.Stored));
    }

    private static Tensor? SampleWeights(Tensor? weights, Tensor labels, IReadOnlyDictionary<int, float>? classWeight)
    {
        if (classWeight is null) return weights;
        var classes = (labels.dim() > 1 && labels.shape[^1] > 1 ? labels.argmax(-1) : labels.reshape(-1)).to_type(torch.ScalarType.Int64);
        var own = torch.tensor(Enumerable.Range(0, classWeight.Count).Select(number => classWeight[number]).ToArray(),
            device: labels.device).index_select(0, classes);
        return weights is null ? own : own * weights;
    }

    private void Step(Network network, Tensor features, Tensor labels, Tensor? weights, EpochMeans means)
    {
        using var single = network.OnOneThreadIfSmall(features);
        var context = new CallContext(training: true, _compiled.Frozen);
        foreach (var weight in _compiled.Trained) weight.Stored.requires_grad_(true);
        try
        {
            var prediction = network.Run(features, context);
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

    private Dictionary<string, double> Evaluate(IBatchSource source, Network network, ProgressBar? bar)
    {
        using var _ = torch.no_grad();
        var means = new EpochMeans(_compiled);
        var done = 0;
        foreach (var batch in network.Load(source, [.. Enumerable.Range(0, source.Batches)]))
        {
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
        return expected.Accepts(labels.shape)
            ? labels
            : throw new ArgumentException(
                $"{source.Description} gives labels of shape ({string.Join(", ", labels.shape)}), {_compiled.Loss.Name} compares "
                    + $"{expected} with the model's {model.OutputShape}: {_compiled.Loss.LabelAdvice}.");
    }

    private static void CheckClassWeight(IReadOnlyDictionary<int, float>? classWeight)
    {
        if (classWeight is not null && !classWeight.Keys.Order().SequenceEqual(Enumerable.Range(0, classWeight.Count)))
            throw new ArgumentException(
                $"classWeight has a weight for each class from 0 on. Received: weights for {string.Join(", ", classWeight.Keys.Order())}.",
                    nameof(classWeight));
    }
}
