using System.Runtime.CompilerServices;
using DistractedDriver.Callbacks;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using DistractedDriver.Saving;
using DistractedDriver.Training;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// What is done with a model, as Keras's methods of it: compile, fit, evaluate, predict, save and load. The work is done in Training
/// and Saving, of which a model knows nothing.
/// </summary>
public static partial class ModelExtensions
{
    /// <summary>
    /// Says how the model is to be trained. It also fixes which weights training changes: those whose layers are trainable
    /// now.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">How weights follow their gradients: <c>new Adam(0.01)</c> or "adam".</param>
    /// <param name="loss">What training makes small: "binary_crossentropy" or a <see cref="Loss"/>.</param>
    /// <param name="metrics">What is reported besides: "accuracy".</param>
    /// <param name="weightedMetrics">What is reported with each sample counting as much as it does in the loss.</param>
    /// <exception cref="ArgumentException">There is no optimizer, loss or metric of that name, or two metrics have one name.</exception>
    public static void Compile(this Model model, Optimizer optimizer, Loss loss, MetricList? metrics = null,
        MetricList? weightedMetrics = null) =>
        Checked(model).Compilation = new Compilation(optimizer, loss, metrics ?? [], weightedMetrics ?? [], model);

    /// <summary>Trains the model on a generator's batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The training images, with labels.</param>
    /// <param name="validationData">Images to measure on after every epoch.</param>
    /// <param name="epochs">
    /// The number of the last epoch; so many passes over the images where <paramref name="initialEpoch"/> is 0.
    /// </param>
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
    /// <param name="validationSteps">How many batches are measured on, from the first on; all by default.</param>
    /// <param name="validationFreq">
    /// After which epochs is measured: a number for every so many, or a list of epochs counted from 1; after every one by default.
    /// </param>
    /// <returns>The values of each epoch.</returns>
    /// <exception cref="ArgumentException">Images or labels do not have the shape that the model takes; the message names both.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static History Fit(
        this Model model, ImageIterator x, ImageIterator? validationData = null, int epochs = 1, IReadOnlyList<Callback>? callbacks = null,
            int? verbose = null,
        int initialEpoch = 0, bool cacheFrozenFeatures = true, IReadOnlyDictionary<int, double>? classWeight = null,
            int? stepsPerEpoch = null, bool shuffle = true, int? validationSteps = null, ValidationFrequency? validationFreq = null) =>
        FitOn(model, x, validationData, epochs, callbacks, verbose, initialEpoch, cacheFrozenFeatures, classWeight, stepsPerEpoch, shuffle,
            validationSteps, validationFreq);

    /// <summary>Trains the model on a generator's batches and measures on arrays.</summary>
    /// <inheritdoc cref="Fit(Model, ImageIterator, ImageIterator?, int, IReadOnlyList{Callback}?, int?, int, bool,
    /// IReadOnlyDictionary{int, double}?, int?, bool, int?, ValidationFrequency?)"/>
    /// <param name="model">The model.</param>
    /// <param name="x">The training images, with labels.</param>
    /// <param name="validationData">Samples and labels to measure on after every epoch; stay the caller's.</param>
    /// <param name="epochs">The number of the last epoch.</param>
    /// <param name="callbacks">Told how the training goes.</param>
    /// <param name="verbose">0 silent, 1 a bar an epoch (the default), 2 a line an epoch.</param>
    /// <param name="initialEpoch">The epoch to begin with, counted from 0.</param>
    /// <param name="cacheFrozenFeatures">Whether what the frozen first layers give is computed once a sample and kept.</param>
    /// <param name="classWeight">How much each class, by its number from 0 on, counts in the loss; once each by default.</param>
    /// <param name="stepsPerEpoch">How many batches make an epoch, from the first on; all by default.</param>
    /// <param name="shuffle">Whether each epoch takes the generator's batches in an order of its own.</param>
    /// <param name="validationSteps">How many batches are measured on; all by default.</param>
    /// <param name="validationFreq">After which epochs is measured: a number for every so many, or a list of epochs from 1.</param>
    /// <param name="validationBatchSize">How many samples are measured on at once.</param>
    public static History Fit(
        this Model model, ImageIterator x, (Tensor X, Tensor Y) validationData, int epochs = 1, IReadOnlyList<Callback>? callbacks = null,
        int? verbose = null, int initialEpoch = 0, bool cacheFrozenFeatures = true, IReadOnlyDictionary<int, double>? classWeight = null,
        int? stepsPerEpoch = null, bool shuffle = true, int? validationSteps = null, ValidationFrequency? validationFreq = null,
        int validationBatchSize = 32) =>
        FitOn(model, x, new ArraySource(validationData.X, validationData.Y, validationBatchSize, shuffle: false), epochs, callbacks,
            verbose,
            initialEpoch, cacheFrozenFeatures, classWeight, stepsPerEpoch, shuffle, validationSteps, validationFreq);

    private static History FitOn(
        Model model, IBatchSource x, IBatchSource? validation, int epochs, IReadOnlyList<Callback>? callbacks, int? verbose,
            int initialEpoch,
        bool cacheFrozenFeatures, IReadOnlyDictionary<int, double>? classWeight, int? stepsPerEpoch, bool shuffle, int? validationSteps,
        ValidationFrequency? validationFreq) =>
        new Trainer(Checked(model)).Fit(new FitRequest(Checked(x))
        {
            Validation = validation,
            Epochs = epochs,
            InitialEpoch = initialEpoch,
            Callbacks = callbacks ?? [],
            Verbose = verbose,
            Features = cacheFrozenFeatures ? Keras.Features : null,
            ClassWeight = classWeight,
            StepsPerEpoch = stepsPerEpoch,
            ShuffleBatches = shuffle,
            ValidationSteps = validationSteps,
            ValidationFreq = validationFreq ?? 1,
        });

    /// <summary>Trains the model on arrays.</summary>
    /// <param name="model">The model.</param>
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
    /// <param name="validationSteps">How many batches are measured on, from the first on; all by default.</param>
    /// <param name="validationFreq">
    /// After which epochs is measured: a number for every so many, or a list of epochs counted from 1; after every one by default.
    /// </param>
    /// <param name="validationBatchSize">How many samples are measured on at once; as many as make a step by default.</param>
    /// <returns>The values of each epoch.</returns>
    /// <exception cref="ArgumentException">
    /// Samples or labels do not have the shape that the model takes; the message names both.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static History Fit(
        this Model model, Tensor x, Tensor y, int batchSize = 32, int epochs = 1, (Tensor X, Tensor Y)? validationData = null,
            bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, int? verbose = null, int initialEpoch = 0, bool cacheFrozenFeatures = true,
        double validationSplit = 0, IReadOnlyDictionary<int, double>? classWeight = null, Tensor? sampleWeight = null,
            int? stepsPerEpoch = null, int? validationSteps = null, ValidationFrequency? validationFreq = null,
        int? validationBatchSize = null) =>
        ArrayFit.Fit(Checked(model), x, y, sampleWeight, batchSize, shuffle, validationData, validationSplit, validationBatchSize,
            request => request with
            {
                Epochs = epochs,
                InitialEpoch = initialEpoch,
                Callbacks = callbacks ?? [],
                Verbose = verbose,
                Features = cacheFrozenFeatures ? Keras.Features : null,
                ClassWeight = classWeight,
                StepsPerEpoch = stepsPerEpoch,
                ValidationSteps = validationSteps,
                ValidationFreq = validationFreq ?? 1,
            });

    /// <summary>Measures the loss and the metrics on a generator's batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The images, with labels.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <param name="steps">How many batches, from the first on; all by default.</param>
    /// <returns>
    /// The values by name: "loss", "accuracy"; or as <c>var (loss, accuracy) = model.Evaluate(…)</c>, in the order of the metrics.
    /// </returns>
    /// <exception cref="ArgumentException">Images or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(this Model model, ImageIterator x, int? verbose = null, int? steps = null) =>
        new Trainer(Checked(model)).Evaluate(Checked(x), Keras.Features, verbose, steps);

    /// <summary>Measures the loss and the metrics on arrays.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The samples; stays the caller's.</param>
    /// <param name="y">Their labels; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss and in weighted metrics, (samples); stays the caller's.</param>
    /// <param name="steps">How many batches, from the first on; all by default.</param>
    /// <returns>
    /// The values by name: "loss", "accuracy"; or as <c>var (loss, accuracy) = model.Evaluate(…)</c>, in the order of the metrics.
    /// </returns>
    /// <exception cref="ArgumentException">Samples or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(
        this Model model, Tensor x, Tensor y, int batchSize = 32, int? verbose = null, Tensor? sampleWeight = null, int? steps = null) =>
        new Trainer(Checked(model)).Evaluate(new ArraySource(x, y, batchSize, shuffle: false, sampleWeight), null, verbose, steps);

    /// <summary>Computes the model's output for a generator's images, in the order in which it gives them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The images; one made with shuffle: false gives them in the order of its file names.</param>
    /// <param name="steps">How many batches, from the first on; all by default.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <returns>One row an image; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images do not have the shape that the model takes.</exception>
    public static Tensor Predict(this Model model, ImageIterator x, int? steps = null, int? verbose = null) =>
        Predictor.Predict(Checked(model), Checked(x), Keras.Features, steps, verbose ?? 1);

    /// <summary>Computes the model's output for arrays.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <param name="steps">How many batches, from the first on; all by default.</param>
    /// <param name="verbose">0 silent, 1 a bar (the default), 2 a line.</param>
    /// <returns>One row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public static Tensor Predict(this Model model, Tensor x, int batchSize = 32, int? steps = null, int? verbose = null) =>
        Predictor.Predict(Checked(model), new ArraySource(x, null, batchSize, shuffle: false), null, steps, verbose ?? 1);

    /// <summary>Computes every output of the model for arrays.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <returns>For each of <see cref="Model.Outputs"/> one row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public static IReadOnlyList<Tensor> PredictOutputs(this Model model, Tensor x, int batchSize = 32) =>
        Predictor.PredictOutputs(Checked(model), new ArraySource(x, null, batchSize, shuffle: false));

    /// <summary>
    /// Loads the weights that Keras saved: Keras 2's HDF5, of weights alone or of a whole model, and Keras 3's
    /// <c>.weights.h5</c> and <c>.keras</c>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="filepath">The file.</param>
    /// <param name="byName">
    /// False to match layers in order, all of them; true to load only layers whose name is in the file, as for a network
    /// that shares its beginning with the saved one. Keras 3's files have no names to go by.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="byName"/> is true for a file of Keras 3.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, no Keras weights file, or another network's. The model is unchanged.
    /// </exception>
    public static void LoadWeights(this Model model, string filepath, bool byName = false) =>
        ModelFile.LoadWeights(Checked(model), filepath, byName);

    /// <summary>Saves the weights so that Python's Keras loads them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="filepath">
    /// The file. One that ends in ".weights.h5" is laid out as Keras 3 does it, any other ".h5" or ".hdf5" as Keras 2.
    /// </param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file can't be written; what was there is unchanged.</exception>
    public static void SaveWeights(this Model model, string filepath) => ModelFile.SaveWeights(Checked(model), filepath);

    /// <summary>
    /// Saves the network with its weights, how it was compiled and what the optimizer kept, so that training goes on from the file as
    /// if it had never stopped.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="filepath">
    /// The file. <c>load_model</c> of Keras 2.15 and Keras 3 read one that ends in ".h5" or ".hdf5", Keras 3's one that ends in ".keras".
    /// </param>
    /// <param name="includeOptimizer">Whether how it was compiled and what the optimizer kept is saved as well.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file can't be written; what was there is unchanged.</exception>
    public static void Save(this Model model, string filepath, bool includeOptimizer = true) =>
        ModelFile.Save(Checked(model), filepath, includeOptimizer);

    /// <summary>
    /// How the network's layers hang together, without its weights, as Keras's <c>to_json</c>: an object with class_name, config,
    /// keras_version and backend. <see cref="Keras.ModelFromJson"/> builds it again.
    /// </summary>
    /// <param name="model">The model.</param>
    public static string ToJson(this Model model) => ModelFile.ToJson(Checked(model));

    private static T Checked<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }
}
