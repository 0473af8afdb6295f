using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public partial class Model
{
    private Compilation? _compiled;

    /// <summary>Set by a callback to end training after the current epoch.</summary>
    public bool StopTraining { get; set; }

    /// <summary>The optimizer that the model was compiled with.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled yet.</exception>
    public Optimizer Optimizer => Compiled.Optimizer;

    internal Compilation Compiled => _compiled
        ?? throw new InvalidOperationException($"The model '{Name}' has to be compiled before it can be trained or evaluated: model.Compile(optimizer, loss, metrics).");

    /// <summary>
    /// Says how the model is to be trained. It also fixes which weights training changes: those whose layers are trainable
    /// now.
    /// </summary>
    /// <param name="optimizer">How weights follow their gradients: <c>new Adam(0.01f)</c> or "adam".</param>
    /// <param name="loss">What training makes small: "binary_crossentropy" or a <see cref="Loss"/>.</param>
    /// <param name="metrics">What is reported besides: "accuracy".</param>
    /// <param name="weightedMetrics">What is reported with each sample counting as much as it does in the loss.</param>
    /// <exception cref="ArgumentException">There is no optimizer, loss or metric of that name, or two metrics have one name.</exception>
    public void Compile(Optimizer optimizer, Loss loss, IReadOnlyList<Metric>? metrics = null, IReadOnlyList<Metric>? weightedMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        if (_compiled?.Optimizer != optimizer) _compiled?.Optimizer.Dispose();
        _compiled = new Compilation(optimizer, loss, metrics ?? [], weightedMetrics ?? [], [.. TrainableWeights.Distinct()]);
    }

    /// <summary>Trains the model on a generator's batches.</summary>
    /// <param name="x">The training images, with labels.</param>
    /// <param name="validationData">Images to measure on after every epoch.</param>
    /// <param name="epochs">The number of the last epoch; so many passes over the images where <paramref name="initialEpoch"/> is 0.</param>
    /// <param name="callbacks">Told how the training goes, for example <see cref="CSVLogger"/>.</param>
    /// <param name="verbose">0 silent, 1 a bar an epoch (the default), 2 a line an epoch.</param>
    /// <param name="initialEpoch">The epoch to begin with, counted from 0.</param>
    /// <param name="cacheFrozenFeatures">
    /// Whether what the frozen first layers give is computed once an image and kept, which changes the time and not the
    /// history. Images that are augmented at random are never kept.
    /// </param>
    /// <param name="classWeight">How much each class, by its number from 0 on, counts in the loss; once each by default.</param>
    /// <param name="stepsPerEpoch">How many batches make an epoch, from the first on; all by default.</param>
    /// <param name="shuffle">
    /// Whether each epoch takes the generator's batches in an order of its own, as Keras does by default; which images make a
    /// batch is the generator's affair.
    /// </param>
    /// <returns>The values of each epoch.</returns>
    /// <exception cref="ArgumentException">Images or labels do not have the shape that the model takes; the message names both.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public History Fit(
        ImageIterator x, ImageIterator? validationData = null, int epochs = 1, IReadOnlyList<Callback>? callbacks = null, int? verbose = null,
        int initialEpoch = 0, bool cacheFrozenFeatures = true, IReadOnlyDictionary<int, float>? classWeight = null, int? stepsPerEpoch = null, bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new Trainer(this, Compiled).Fit(x, validationData, epochs, initialEpoch, callbacks ?? [], verbose, cacheFrozenFeatures ? FeatureCache.Shared : null, classWeight, stepsPerEpoch, shuffle);
    }

    /// <summary>Trains the model on arrays.</summary>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="y">Their labels, of the shape that the model computes; stays the caller's.</param>
    /// <param name="batchSize">How many samples make a step.</param>
    /// <param name="epochs">The number of the last epoch.</param>
    /// <param name="validationData">Samples and labels to measure on after every epoch.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in an order of its own.</param>
    /// <param name="callbacks">Told how the training goes.</param>
    /// <param name="verbose">0 silent, 1 a bar an epoch (the default), 2 a line an epoch.</param>
    /// <param name="initialEpoch">The epoch to begin with, counted from 0.</param>
    /// <param name="cacheFrozenFeatures">Whether what the frozen first layers give is computed once a sample and kept.</param>
    /// <param name="validationSplit">The share of the samples, the last ones, that is measured on and not trained on.</param>
    /// <param name="classWeight">How much each class, by its number from 0 on, counts in the loss; once each by default.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss, (samples); stays the caller's.</param>
    /// <param name="stepsPerEpoch">How many batches make an epoch; all by default. The next epoch goes on with those after them.</param>
    /// <returns>The values of each epoch.</returns>
    /// <exception cref="ArgumentException">Samples or labels do not have the shape that the model takes; the message names both.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public History Fit(
        Tensor x, Tensor y, int batchSize = 32, int epochs = 1, (Tensor X, Tensor Y)? validationData = null, bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, int? verbose = null, int initialEpoch = 0, bool cacheFrozenFeatures = true,
        double validationSplit = 0, IReadOnlyDictionary<int, float>? classWeight = null, Tensor? sampleWeight = null, int? stepsPerEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (validationSplit is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(validationSplit), $"validationSplit is from 0 up to but not including 1. Received: {validationSplit}.");
        using var scope = torch.NewDisposeScope();
        var validation = validationData is { } held ? new ArraySource(held.X, held.Y, batchSize, shuffle: false) : null;
        if (validationSplit > 0 && validation is null)
        {
            var (kept, all) = ((long)Math.Floor(x.shape[0] * (1 - validationSplit)), x.shape[0]);
            validation = new ArraySource(x.slice(0, kept, all, 1), y.slice(0, kept, all, 1), batchSize, shuffle: false, sampleWeight?.slice(0, kept, all, 1));
            (x, y, sampleWeight) = (x.slice(0, 0, kept, 1), y.slice(0, 0, kept, 1), sampleWeight?.slice(0, 0, kept, 1));
        }
        var train = new ArraySource(x, y, batchSize, shuffle, sampleWeight);
        var cache = cacheFrozenFeatures ? new FeatureCache(FeatureCache.Shared.Limit) : null;
        return new Trainer(this, Compiled).Fit(train, validation, epochs, initialEpoch, callbacks ?? [], verbose, cache, classWeight, stepsPerEpoch, shuffleBatches: false);
    }

    /// <summary>Measures the loss and the metrics on a generator's batches.</summary>
    /// <param name="x">The images, with labels.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <returns>The values by name: "loss", "accuracy".</returns>
    /// <exception cref="ArgumentException">Images or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(ImageIterator x, int? verbose = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new Trainer(this, Compiled).Evaluate(x, FeatureCache.Shared, verbose);
    }

    /// <summary>Measures the loss and the metrics on arrays.</summary>
    /// <param name="x">The samples; stays the caller's.</param>
    /// <param name="y">Their labels; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss and in weighted metrics, (samples); stays the caller's.</param>
    /// <returns>The values by name: "loss", "accuracy".</returns>
    /// <exception cref="ArgumentException">Samples or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(Tensor x, Tensor y, int batchSize = 32, int? verbose = null, Tensor? sampleWeight = null) =>
        new Trainer(this, Compiled).Evaluate(new ArraySource(x, y, batchSize, shuffle: false, sampleWeight), null, verbose);

    /// <summary>Computes the model's output for a generator's images, in the order in which it gives them.</summary>
    /// <param name="x">The images; one made with shuffle: false gives them in the order of its file names.</param>
    /// <returns>One row an image; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images do not have the shape that the model takes.</exception>
    public Tensor Predict(ImageIterator x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Predict(x, FeatureCache.Shared);
    }

    /// <summary>Computes the model's output for arrays.</summary>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <returns>One row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public Tensor Predict(Tensor x, int batchSize = 32) => Predict(new ArraySource(x, null, batchSize, shuffle: false), null);

    /// <summary>Computes every output of the model for arrays.</summary>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <returns>For each of <see cref="Outputs"/> one row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public IReadOnlyList<Tensor> PredictOutputs(Tensor x, int batchSize = 32)
    {
        var source = new ArraySource(x, null, batchSize, shuffle: false);
        CheckShape(source, outputs: Outputs.Count);
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var batches = Enumerable.Range(0, source.Batches).Select(batch => Network.Plan.Run(source.Load(source.Indices(batch)).X.to(Config.ComputeDevice), new CallContext(training: false))).ToArray();
        return [.. Enumerable.Range(0, Outputs.Count).Select(output => torch.cat([.. batches.Select(batch => batch[output])]).cpu().to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope())];
    }

    private Tensor Predict(IBatchSource source, FeatureCache? cache)
    {
        CheckShape(source);
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var network = new FrozenPrefix(this, _compiled?.Trained ?? TrainableWeights, cache);
        var batches = new List<Tensor>();
        foreach (var (_, features, _) in network.Load(source, [.. Enumerable.Range(0, source.Batches)]))
            batches.Add(network.Run(features, new CallContext(training: false)).MoveToOuterDisposeScope());
        source.EndEpoch();
        return torch.cat(batches).cpu().MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model has another number of outputs.</exception>
    internal void CheckShape(IBatchSource source, int outputs = 1)
    {
        if (Outputs.Count != outputs) throw new InvalidOperationException($"The model '{Name}' has {Outputs.Count} outputs; only one with a single output can be trained, evaluated or asked for a single prediction.");
        var (given, taken) = (source.Shape, Input.Shape);
        if (taken.Count == given.Count && taken.Zip(given).All(pair => pair.First is null || pair.Second is null || pair.First == pair.Second)) return;
        var remedy = taken.Count == 4 && given.Count == 4 && taken[3] == given[3]
            ? $" Give the generator targetSize: ({taken[1]}, {taken[2]}), or build the model with inputShape: ({given[1]}, {given[2]}, {given[3]})."
            : "";
        throw new ArgumentException($"The input of the model '{Name}' has shape {taken}, but {source.Description} gives {given}.{remedy}");
    }
}
