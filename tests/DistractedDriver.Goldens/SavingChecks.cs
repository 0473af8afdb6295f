using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>
/// Small trainings saved after three epochs: what goes on from a file, of Keras's or of ours, is the training that never stopped.
/// </summary>
internal static class SavingChecks
{
    private static readonly Dictionary<string, (Func<Model> Build, Action<Model> Compile)> Runs = new()
    {
        ["adam"] = (Functional, model => Compile(model, new Adam(0.01))),
        ["adam_frozen"] = (Frozen, model => Compile(model, new Adam(0.01))),
        ["sgd_nesterov"] = (Functional, model => Compile(model, new SGD(0.05, momentum: 0.9, nesterov: true))),
        ["rmsprop_sequential"] = (Sequential, model => Compile(model, new RMSprop(0.005))),
        ["adam_schedule"] = (Sequential, model => Compile(model, new Adam(new ExponentialDecay(0.01, 10, 0.5)))),
        ["adam_nested"] = (Nested, model => Compile(model, new Adam(0.01))),
        ["smoothed"] = (Functional, model => model.Compile(
            new Adam(0.01, clipnorm: 1), new CategoricalCrossentropy(labelSmoothing: 0.1), [new TopKCategoricalAccuracy(2, name: "top2")])),
    };

    public static IEnumerable<Check> All()
    {
        foreach (var (name, run) in Runs)
        {
            foreach (var tag in new[] { "keras2", "keras3" })
            {
                var golden = Golden.Json($"saving/{tag}").GetProperty(name);
                yield return new($"saving/{name}_{tag}_predictions", Check.Activations, () => Predictions(name, tag, "keras"));
                foreach (var kind in new[] { "h5", "keras" })
                {
                    var file = $"{name}_{tag}.{kind}";
                    yield return new($"saving/{file}#predictions", Check.Activations, () => Predictions(name, tag, kind));
                    yield return new($"saving/{file}#goes on", Check.Losses, () => GoesOn(golden, Golden.PathOf($"saving/{file}")));
                }
                if (tag == "keras3") yield return new($"saving/{tag}#{name}", Check.Losses, () => OursGoesOn(golden, run, "model.keras"));
            }
            foreach (var file in new[] { "model.h5", "model.keras" })
                yield return new(
                    $"saving/keras2#{name} {file}", Check.Losses,
                        () => OursGoesOn(Golden.Json("saving/keras2").GetProperty(name), run, file));
        }
        yield return new("saving/as_keras_2_0.h5", Check.Activations, () => Predicted(
            Golden.PathOf("saving/as_keras_2_0.h5"), "saving/adam_keras2_predictions"));
        foreach (var tag in new[] { "keras2", "keras3" })
        {
            yield return new($"saving/equal_names_{tag}_output", Check.Activations, () => EqualNames(tag, null));
            foreach (var file in new[] { $"equal_names_{tag}.h5", $"equal_names_{tag}.keras" })
                yield return new($"saving/{file}", Check.Activations, () => Predicted(
                    Golden.PathOf($"saving/{file}"), $"saving/equal_names_{tag}_output"));
            yield return new($"saving/equal_names_{tag}.weights.h5", Check.Activations,
                () => EqualNames(tag, $"saving/equal_names_{tag}.weights.h5"));
        }
    }

    /// <summary>Two branches with layers of one name.</summary>
    public static Model TwoBranches()
    {
        var input = Keras.Input((8, 8, 3));
        // Keras numbers names over the whole process.
        var (left, right) = (Branch("left", "global_average_pooling2d"), Branch("right", "global_average_pooling2d_1"));
        return new Model(input, new Concatenate().Apply([left.Apply(input), right.Apply(input)]), name: "both");
    }

    private static Sequential Branch(string name, string average) =>
        new([new InputLayer((8, 8, 3)), new Conv2D(2, 3, name: "conv2d"), new GlobalAveragePooling2D(name: average)], name);

    private static double EqualNames(string tag, string? weights)
    {
        using var scope = torch.NewDisposeScope();
        using var model = TwoBranches();
        if (weights is null) Golden.Fill(model, Golden.Seed + 6800);
        else model.LoadWeights(Golden.PathOf(weights));
        return Check.Relative(model.Predict(X()), $"saving/equal_names_{tag}_output");
    }

    private static double Predictions(string name, string tag, string kind) =>
        Predicted(Golden.PathOf($"saving/{name}_{tag}.{kind}"), $"saving/{name}_{tag}_predictions");

    private static double Predicted(string path, string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Keras.LoadModel(path);
        return Check.Relative(model.Predict(X()), golden);
    }

    private static double GoesOn(JsonElement golden, string path)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Keras.LoadModel(path);
        return Deviation(Fit(model, 6, 3), golden.GetProperty("next_three"));
    }

    private static double OursGoesOn(JsonElement golden, (Func<Model> Build, Action<Model> Compile) run, string file)
    {
        var folder = Directory.CreateTempSubdirectory("distracted-driver-").FullName;
        try
        {
            using var scope = torch.NewDisposeScope();
            using var model = run.Build();
            run.Compile(model);
            var first = Deviation(Fit(model, 3, 0), golden.GetProperty("first_three"));
            model.Save(Path.Combine(folder, file));
            return Math.Max(first, GoesOn(golden, Path.Combine(folder, file)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The relative deviation of losses; accuracies are equal or nothing is.
    private static double Deviation(History history, JsonElement golden) => golden.EnumerateObject()
        .Max(values => values.Value.EnumerateArray()
        .Select(value => value.GetDouble()).Zip(history[values.Name]).Max(pair => values.Name == "loss"
            ? Math.Abs(pair.First - pair.Second) / pair.First
            : pair.First == pair.Second ? 0 : double.PositiveInfinity));

    private static History Fit(Model model, int epochs, int initialEpoch) =>
        model.Fit(X(), Y(), batchSize: 8, epochs: epochs, initialEpoch: initialEpoch, shuffle: false, verbose: 0);

    private static void Compile(Model model, Optimizer optimizer) => model.Compile(optimizer, "categorical_crossentropy", ["accuracy"]);

    private static Tensor X()
    {
        var x = Golden.Draw(Golden.Seed + 630, 40 * 8 * 8 * 3, -1, 1);
        return torch.tensor([.. x.Select((value, i) => (float)(value + (Class(i / 192) - 1) * 0.3))], [40, 8, 8, 3]);
    }

    private static Tensor Y() => torch.tensor([.. Enumerable.Range(0, 120).Select(i => Class(i / 3) == i % 3 ? 1f : 0f)], [40, 3]);

    private static int Class(int sample) => sample * 7 % 3;

    public static Model Functional()
    {
        var input = Keras.Input((8, 8, 3), name: "pictures");
        var x = new Conv2D(4, 3, padding: "same", useBias: false, name: "conv").Apply(input);
        x = new ReLU(name: "relu").Apply(new BatchNormalization(name: "norm").Apply(x));
        x = new Flatten(name: "flatten").Apply(new MaxPooling2D(2, name: "pool").Apply(x));
        var model = new Model(input, new Dense(3, activation: "softmax", name: "head").Apply(x), name: "functional");
        Golden.Fill(model, Golden.Seed + 6400);
        return model;
    }

    public static Model Frozen()
    {
        var model = Functional();
        model.GetLayer("conv").Trainable = false;
        model.GetLayer("norm").Trainable = false;
        return model;
    }

    public static Sequential Sequential()
    {
        Sequential model = new(
            [
                new InputLayer((8, 8, 3)), new Conv2D(4, 3, activation: "relu", name: "conv"), new GlobalAveragePooling2D(name: "average"),
                new Dropout(0, name: "dropout"), new Dense(3, activation: "softmax", name: "head"),
            ],
            name: "sequential");
        Golden.Fill(model, Golden.Seed + 6600);
        return model;
    }

    public static Model Nested()
    {
        var whole = Functional();
        var inner = new Model(whole.Input, whole.GetLayer("relu").Output, name: "base");
        inner.GetLayer("norm").Trainable = false;
        var input = Keras.Input((8, 8, 3), name: "outer");
        var x = new GlobalAveragePooling2D(name: "average").Apply(inner.Apply(input, training: false));
        var model = new Model(input, new Dense(3, activation: "softmax", name: "predictions").Apply(x), name: "nested");
        model.GetLayer("predictions").SetWeights([Golden.Draw(Golden.Seed + 6700, 12, -0.5, 0.5), new float[3]]);
        return model;
    }
}
