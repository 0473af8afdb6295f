using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What fit, evaluate and predict answer where one would have to guess.</summary>
internal static class EdgeChecks
{
    private static readonly JsonElement Edges = Golden.Json("edges");

    private static readonly IReadOnlyDictionary<int, double> Weights = new Dictionary<int, double> { [0] = 2, [1] = 1, [2] = 0.5 };

    private static readonly Dictionary<string, Func<Model, Arrays, History>> Histories = new()
    {
        ["class_weight empty"] = (model, a) => One(model, a, classWeight: new Dictionary<int, double>()),
        ["class_weight, sparse labels"] = (model, a) => model.Fit(a.X, a.Classes, batchSize: 8, shuffle: false, verbose: 0,
            classWeight: Weights),
        ["class_weight and sample_weight together"] = (model, a) => model.Fit(a.X, a.OneHot, batchSize: 8, shuffle: false, verbose: 0,
            classWeight: Weights, sampleWeight: a.SampleWeight),
        ["TerminateOnNaN"] = (model, a) => model.Fit(a.X, a.OneHot * float.NaN, epochs: 3, batchSize: 8, shuffle: false, verbose: 0,
            callbacks: [new TerminateOnNaN()]),
        ["validation_steps 2 of 5"] = (model, a) => model.Fit(a.X, a.OneHot, batchSize: 8, shuffle: false, verbose: 0,
            validationData: (a.X, a.OneHot), validationSteps: 2),
        ["validation_freq 2 over 5 epochs"] = (model, a) => model.Fit(a.X, a.OneHot, epochs: 5, batchSize: 8, shuffle: false, verbose: 0,
            validationData: a.First, validationFreq: 2),
        ["validation_freq [1, 4] over 5 epochs"] = (model, a) => model.Fit(a.X, a.OneHot, epochs: 5, batchSize: 8, shuffle: false,
            verbose: 0, validationData: a.First, validationFreq: [1, 4]),
        ["validation_batch_size 3"] = (model, a) => model.Fit(a.X, a.OneHot, batchSize: 8, shuffle: false, verbose: 0,
            validationData: a.First, validationBatchSize: 3),
        ["steps_per_epoch 9 of 5"] = (model, a) => model.Fit(a.X, a.OneHot, epochs: 2, batchSize: 8, stepsPerEpoch: 9, shuffle: false,
            verbose: 0),
        ["initial_epoch beyond epochs"] = (model, a) => model.Fit(a.X, a.OneHot, epochs: 2, initialEpoch: 5, verbose: 0),
        ["validation on arrays beside a generator"] = (model, a) => model.Fit(a.Generator(), validationData: a.First, epochs: 2,
            shuffle: false, verbose: 0),
        ["sample weights in a generator"] = (model, a) => model.Fit(new ImageDataGenerator().Flow(a.X, a.OneHot, batchSize: 8,
            shuffle: false, sampleWeight: a.SampleWeight), epochs: 2, shuffle: false, verbose: 0),
        ["metric that is not there in EarlyStopping"] = (model, a) => model.Fit(a.X, a.OneHot, epochs: 2, batchSize: 8, shuffle: false,
            verbose: 0, callbacks: [new EarlyStopping(monitor: "val_los")]),
        ["validation_steps 2, generator"] = (model, a) => model.Fit(a.Generator(), a.Generator(), epochs: 2, shuffle: false, verbose: 0,
            validationSteps: 2),
        ["empty validation"] = (model, a) => model.Fit(a.Generator(), Empty(), shuffle: false, verbose: 0),
        ["metrics as a string"] = (model, a) =>
        {
            model.Compile("adam", "categorical_crossentropy", metrics: "accuracy");
            return One(model, a);
        },
    };

    private static readonly Dictionary<string, Action<Model, Arrays>> Refusals = new()
    {
        ["class_weight for fewer classes"] = (model, a) => One(model, a, new Dictionary<int, double> { [0] = 2 }),
        ["sparse label beyond the classes"] = (model, a) => model.Fit(a.X, a.Classes + 1, batchSize: 8, verbose: 0),
        ["one-hot labels with sparse loss"] = (model, a) => model.Fit(a.X, a.OneHot, verbose: 0),
        ["integer labels with categorical loss"] = (model, a) => model.Fit(a.X, a.Classes, verbose: 0),
        ["labels fewer than pictures"] = (model, a) => model.Fit(a.X, a.OneHot.narrow(0, 0, 30), verbose: 0),
        ["validation_split leaves nothing to train"] = (model, a) => model.Fit(a.X.narrow(0, 0, 1), a.OneHot.narrow(0, 0, 1),
            validationSplit: 0.5, verbose: 0),
        ["fit before compile"] = (_, a) =>
        {
            using var model = new Sequential(
                [new DistractedDriver.Layers.Flatten(inputShape: (8, 8, 3)), new DistractedDriver.Layers.Dense(3)]);
            try
            {
                model.Fit(a.X, a.OneHot, verbose: 0);
            }
            catch (InvalidOperationException error)
            {
                throw new ArgumentException(error.Message);
            }
        },
        ["empty fit"] = (model, _) => model.Fit(Empty(), verbose: 0),
        ["empty evaluate"] = (model, _) => model.Evaluate(Empty(), verbose: 0),
        ["empty predict"] = (model, _) => model.Predict(Empty()),
        ["unknown loss"] = (model, _) => model.Compile("adam", "categorical_crosentropy"),
    };

    public static IEnumerable<Check> All()
    {
        foreach (var n in new[] { 2, 9 })
        {
            Histories[$"steps_per_epoch {n} of 5, arrays, three epochs"] = (model, a) => model.Fit(a.X, a.OneHot, batchSize: 8, epochs: 3,
                stepsPerEpoch: n, shuffle: false, verbose: 0);
            Histories[$"steps_per_epoch {n} of 5, generator, three epochs"] = (model, a) => model.Fit(a.Generator(), epochs: 3,
                stepsPerEpoch: n, shuffle: false, verbose: 0);
        }
        foreach (var (name, fit) in Histories)
            yield return new($"edges#{name}", Check.Losses, () => In(name, (model, arrays) => Compare(Edges.GetProperty(name), fit(model,
                arrays))));
        foreach (var (name, refused) in Refusals)
            yield return new($"edges#{name}", 0, () => In(name, (model, arrays) =>
                TrainingChecks.Refused(() => refused(model, arrays)) ? 0 : double.PositiveInfinity));
        yield return new("edges#stop_training inside an epoch (batch 1 of 5), validation", Check.Losses, () => In("", Stopped));
        yield return new("edges#evaluate steps 2", Check.Losses, () => In("", (model, a) => Check.Farthest(
            model.Evaluate(a.X, a.OneHot, batchSize: 8, steps: 2, verbose: 0).Values,
            Edges.GetProperty("evaluate steps 2").EnumerateArray().Select(value => value.GetDouble()))));
        yield return new("edges#predict steps 2 over arrays: rows", 0, () => In("", (model, a) => Check.Different(
            [model.Predict(a.X, batchSize: 8, steps: 2).shape[0]], [Edges.GetProperty("predict steps 2 over arrays: rows").GetInt64()])));
    }

    /// <summary>The names of all edges.</summary>
    public static IEnumerable<string> Names() => Edges.EnumerateObject().Select(edge => $"edges#{edge.Name}");

    private static double In(string name, Func<Model, Arrays, double> measure)
    {
        using var scope = torch.NewDisposeScope();
        var sparse = name.Contains("sparse", StringComparison.Ordinal);
        using var model = SmallNetworks.Three(loss: sparse ? "sparse_categorical_crossentropy" : "categorical_crossentropy");
        return measure(model, new(SmallNetworks.Images(), SmallNetworks.OneHot(), SmallNetworks.Classes()));
    }

    private static double Stopped(Model model, Arrays arrays)
    {
        var seen = new List<int>();
        var history = model.Fit(arrays.X, arrays.OneHot, epochs: 3, batchSize: 8, shuffle: false, verbose: 0, validationData: arrays.First,
            callbacks: [new LambdaCallback(onTrainBatchEnd: (batch, _) => { seen.Add(batch); model.StopTraining = batch == 1; })]);
        var golden = Edges.GetProperty("stop_training inside an epoch (batch 1 of 5), validation");
        return Compare(golden, history, "batches_seen")
            + Check.Different(seen, golden.GetProperty("batches_seen").EnumerateArray().Select(batch => batch.GetInt32()));
    }

    private static History One(Model model, Arrays arrays, IReadOnlyDictionary<int, double>? classWeight = null) =>
        model.Fit(arrays.X, arrays.OneHot, batchSize: 8, shuffle: false, verbose: 0, classWeight: classWeight);

    // The largest difference of a value; NaN is equal to NaN. What Keras did not log we do not either.
    private static double Compare(JsonElement golden, History history, string? besides = null)
    {
        var logged = golden.EnumerateObject().Where(values => values.Name != besides).ToArray();
        if (!logged.Select(values => values.Name).Order().SequenceEqual(history.Names.Order())) return double.PositiveInfinity;
        return logged.Select(values => Check.Farthest(
            history[values.Name].Select(value => double.IsNaN(value) ? -1 : value),
            values.Value.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.String ? -1 : value.GetDouble())))
            .DefaultIfEmpty().Max();
    }

    private static DirectoryIterator Empty() => new ImageDataGenerator(validationSplit: 0.1).FlowFromDirectory(
        Golden.PathOf("imgs/train"), targetSize: (8, 8), subset: "validation");

    private sealed record Arrays(Tensor X, Tensor OneHot, Tensor Classes)
    {
        public (Tensor X, Tensor Y) First => (X.narrow(0, 0, 8), OneHot.narrow(0, 0, 8));

        public Tensor SampleWeight { get; } = torch.arange(40).to_type(torch.ScalarType.Float32) / 20;

        public ArrayIterator Generator() => new ImageDataGenerator().Flow(X, OneHot, batchSize: 8, shuffle: false);
    }
}
