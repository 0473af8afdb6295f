using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Callbacks;
using DistractedDriver.Layers;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using DistractedDriver.Regularizers;
using TorchSharp;

namespace Goldens;

/// <summary>Whole trainings: the tutorial and its variants on images, and small ones on arrays.</summary>
internal static class TrainingChecks
{
    private static readonly Dictionary<string, (Func<Optimizer> Optimizer, string[] Thawed)> Tutorials = new()
    {
        ["as_written"] = (() => new Adam(0.01f), []),
        ["as_it_should_be"] = (() => new Adam(0.0001f), []),
        ["softmax_caffe"] = (() => new Adam(0.001f), []),
        ["sgd_nesterov"] = (() => new SGD(1e-4f, momentum: 0.9f, nesterov: true), []),
        ["rmsprop"] = (() => new RMSprop(1e-4f), []),
        ["metrics_named"] = (() => new Adam(0.001f), []),
        ["fine_tune_block5"] = (() => new Adam(1e-4f), ["block5_conv1", "block5_conv2", "block5_conv3"]),
    };

    // Several checks look at one training.
    private static readonly ConcurrentDictionary<string, Lazy<Trained>> Trainings = [];

    public static IEnumerable<Check> All()
    {
        foreach (var name in Tutorials.Keys)
        {
            yield return new($"training/{name}#losses", Check.Losses, () => Of(name).Losses);
            yield return new($"training/{name}#accuracies", 0, () => Of(name).Accuracies);
            yield return new($"training/{name}_val_predictions", Check.Losses, () => Of(name).Predictions);
        }
        yield return new("training/as_written_summary.txt", 0, () => Of("as_written").Summary);
        yield return new("training/distracted_driver.csv", Check.Losses, () => Of("as_written").Csv);
        yield return new("training/size244#losses", Check.Losses, () => OfAnotherSize().Losses);
        yield return new("training/size244#accuracies", 0, () => OfAnotherSize().Accuracies);
        foreach (var run in Golden.Json("fit/runs").EnumerateObject())
        {
            yield return new($"fit/runs#{run.Name} losses", Check.Losses, () => OnArrays(run.Name).Losses);
            yield return new($"fit/runs#{run.Name} accuracies", 0, () => OnArrays(run.Name).Accuracies);
        }
    }

    /// <summary>The tutorial's network as make_goldens.py makes it: VGG16 frozen, the head drawn from the seed.</summary>
    public static Model Tutorial(int size, string activation)
    {
        var vgg16 = Applications.VGG16(includeTop: false, inputShape: (size, size, 3), weights: Golden.Vgg16Weights);
        foreach (var layer in vgg16.Layers) layer.Trainable = false;
        var head = new Dense(10, activation: activation);
        var model = new Model(vgg16.Input, head.Apply(new Flatten().Apply(vgg16.Output)));
        var inputs = head.Weights[0].Shape[0]!.Value;
        var limit = Math.Sqrt(6.0 / (inputs + 10));
        head.SetWeights([Golden.Draw(Golden.Seed + 2000, inputs * 10, -limit, limit), new float[10]]);
        return model;
    }

    private static Trained Of(string name) => Trainings.GetOrAdd(name, _ => new(() => Train(name))).Value;

    // The rest of the training is as the golden describes it.
    private static Trained Train(string name)
    {
        var golden = Golden.Json($"training/{name}");
        var size = golden.GetProperty("input").GetInt32();
        using var model = Tutorial(size, golden.GetProperty("activation").GetString()!);
        foreach (var layer in Tutorials[name].Thawed) model.GetLayer(layer).Trainable = true;
        model.Compile(Tutorials[name].Optimizer(), golden.GetProperty("loss").GetString()!,
            [.. golden.GetProperty("metrics").EnumerateArray().Select(metric => (Metric)metric.GetString()!)]);

        var generator = golden.GetProperty("preprocessing").GetString() == "caffe"
            ? new ImageDataGenerator(preprocessingFunction: VGG16.PreprocessInput)
            : new ImageDataGenerator(rescale: 1f / 255);
        DirectoryIterator Flow(string split) => generator.FlowFromDirectory(
            Golden.PathOf($"imgs/{split}"), targetSize: (size, size), batchSize: golden.GetProperty("batch_size").GetInt32(),
                classMode: "categorical", shuffle: false);
        var (train, val) = (Flow("train"), Flow("val"));

        var csv = name == "as_written" ? Path.GetTempFileName() : null;
        try
        {
            IReadOnlyList<Callback> Callbacks() => csv is null ? [] : [new CSVLogger(csv, append: true)];
            var history = model.Fit(train, validationData: val, epochs: golden.GetProperty("epochs").GetInt32(), callbacks: Callbacks(),
                shuffle: false, verbose: 0);
            if (csv is not null) model.Fit(train, validationData: val, epochs: 1, callbacks: Callbacks(), shuffle: false, verbose: 0);
            using var predicted = model.Predict(val);
            var (losses, accuracies) = Compare(golden.GetProperty("history"), logged => history[logged]);
            var (loss, accuracy) = Compare(golden.GetProperty("evaluate_after"), logged => [model.Evaluate(val, verbose: 0)[logged]]);
            return new(
                Math.Max(losses, loss), accuracies + accuracy, Check.Relative(predicted, $"training/{name}_val_predictions"),
                csv is null ? 0 : Check.Different(SummaryOf(model), File.ReadAllLines(Golden.PathOf("training/as_written_summary.txt"))),
                csv is null ? 0 : Lines(File.ReadAllText(csv), File.ReadAllText(Golden.PathOf("training/distracted_driver.csv"))));
        }
        finally
        {
            if (csv is not null) File.Delete(csv);
        }
    }

    // The tutorial's generator gives 244 × 244 to a network that declares 224 × 224; refused are arrays, calls and what does not fit.
    private static (double Losses, double Accuracies) OfAnotherSize()
    {
        var golden = Golden.Json("training/size244");
        using var model = Tutorial(224, "sigmoid");
        model.Compile(new Adam(0.01), "binary_crossentropy", ["accuracy"]);
        DirectoryIterator Flow(string split, int size) => new ImageDataGenerator(rescale: 1.0 / 255).FlowFromDirectory(
            Golden.PathOf($"imgs/{split}"), targetSize: (size, size), batchSize: 16, shuffle: false);
        var (train, val) = (Flow("train", 244), Flow("val", 244));

        using var predicted = model.Predict(val);
        var first = Check.Farthest(Check.Values(predicted[0]), [.. golden.GetProperty("predict_generator_244_first").EnumerateArray()
            .Select(value => value.GetSingle())]);
        double[] keras = [.. golden.GetProperty("evaluate_generator_244").EnumerateArray().Select(value => value.GetDouble())];
        var (loss, accuracy) = model.Evaluate(val, verbose: 0);
        var history = model.Fit(train, validationData: val, epochs: 2, shuffle: false, verbose: 0);
        var (losses, accuracies) = Compare(golden.GetProperty("fit_generator_244_two_epochs"), logged => history[logged]);

        using var array = Golden.Draw(Golden.Seed + 720, [2, 244, 244, 3], 0, 1);
        using var labels = torch.eye(10).narrow(0, 0, 2);
        var refused = new Action[]
        {
            () => model.Fit(Flow("train", 192), verbose: 0), () => model.Fit(array, labels, verbose: 0), () => model.Predict(array),
            () => model.TrainOnBatch(array, labels), () => model.Apply(array),
        }.Count(Refused);
        return (new[] { first, Math.Abs(loss / keras[0] - 1), losses }.Max(),
            accuracies + Check.Different([accuracy], keras[1..]) + (refused == 5 ? 0 : double.PositiveInfinity));
    }

    /// <summary>Whether something is refused as an argument.</summary>
    public static bool Refused(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static List<string> SummaryOf(Model model)
    {
        var lines = new List<string>();
        model.Summary(lines.Add);
        return lines;
    }

    // Losses by their relative deviation, everything else character by character.
    private static double Lines(string actual, string expected)
    {
        var (ours, keras) = (Fields(actual), Fields(expected));
        if (ours.Length != keras.Length
            || ours.Zip(keras).Any(line => line.First.Length != line.Second.Length)) return double.PositiveInfinity;
        return ours.Zip(keras).SelectMany(line => line.First.Zip(line.Second))
            .Select((field, i) => ours[0][i % ours[0].Length].EndsWith("loss", StringComparison.Ordinal) && i >= ours[0].Length
            ? Math.Abs(double.Parse(field.First, CultureInfo.InvariantCulture) / double.Parse(field.Second,
                CultureInfo.InvariantCulture) - 1)
            : field.First == field.Second ? 0 : double.PositiveInfinity).Max();
        static string[][] Fields(string csv) =>
            [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
    }

    // The largest relative deviation of losses; how many accuracies differ. Each logged value is a number or one an epoch.
    public static (double Losses, double Accuracies) Compare(JsonElement golden, Func<string, IReadOnlyList<double>> ours)
    {
        double losses = 0, accuracies = 0;
        foreach (var logged in golden.EnumerateObject())
        {
            double[] keras = logged.Value.ValueKind == JsonValueKind.Array
                ? [.. logged.Value.EnumerateArray().Select(value => value.GetDouble())]
                : [logged.Value.GetDouble()];
            var values = ours(logged.Name);
            if (logged.Name.Contains("accuracy", StringComparison.Ordinal)) accuracies += Check.Different(values, keras);
            else losses = Math.Max(losses, values.Count == keras.Length
                ? values.Zip(keras).Max(pair => Math.Abs(pair.First / pair.Second - 1))
                : double.PositiveInfinity);
        }
        return (losses, accuracies);
    }

    // make_numeric.py's small trainings: forty images of 8 × 8, three classes.
    private static (double Losses, double Accuracies) OnArrays(string name)
    {
        using var scope = torch.NewDisposeScope();
        var golden = Golden.Json("fit/runs").GetProperty(name);
        var x = Golden.Tensor("fit/x");
        var y = torch.nn.functional.one_hot(torch.arange(40) * 7 % 3, 3).to_type(torch.ScalarType.Float32);
        using var model = Network(name switch
        {
            "l2" => new L2(0.01f),
            "l1_l2" => new L1L2(0.001f, 0.01f),
            _ => null,
        }, norm: name == "batch_norm");
        model.Compile(new Adam(0.01f), "categorical_crossentropy", ["accuracy"], name == "weighted_metrics" ? ["accuracy"] : null);

        var arguments = golden.GetProperty("arguments");
        int? Get(string key) => arguments.TryGetProperty(key, out var value) ? value.GetInt32() : null;
        var history = model.Fit(
            x, y, batchSize: Get("batch_size")!.Value, epochs: Get("epochs")!.Value, initialEpoch: Get("initial_epoch") ?? 0,
                stepsPerEpoch: Get("steps_per_epoch"), shuffle: false, verbose: 0,
            validationSplit: arguments.TryGetProperty("validation_split", out var split) ? split.GetDouble() : 0,
            classWeight: arguments.TryGetProperty("class_weight", out var weights)
                ? weights.EnumerateObject()
                    .ToDictionary(weight => int.Parse(weight.Name, CultureInfo.InvariantCulture), weight => weight.Value.GetDouble())
                : null,
            sampleWeight: arguments.TryGetProperty("sample_weight", out _) ? Golden.Draw(Golden.Seed + 631, [40], 0, 2) : null);

        var (losses, accuracies) = Compare(golden.GetProperty("history"), logged => history[logged]);
        var evaluated = model.Evaluate(x, y, batchSize: 9, verbose: 0);
        // Keras's list of values: the loss, then the metrics.
        var keras = golden.GetProperty("evaluate").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        return (
            Math.Max(losses, Math.Abs(evaluated["loss"] / keras[0] - 1)),
            accuracies + Check.Different(evaluated.Values.Skip(1), keras[1..])
                + Check.Different(history.Epoch, golden.GetProperty("epoch").EnumerateArray().Select(epoch => epoch.GetInt32())));
    }

    private static Model Network(Regularizer? regularizer, bool norm)
    {
        var input = Keras.Input((8, 8, 3));
        var x = new Conv2D(4, 3, padding: "same", useBias: !norm, kernelRegularizer: regularizer).Apply(input);
        if (norm) x = new BatchNormalization().Apply(x);
        x = new MaxPooling2D(2).Apply(new ReLU().Apply(x));
        var model = new Model(input, new Dense(3, activation: "softmax", kernelRegularizer: regularizer).Apply(new Flatten().Apply(x)));
        Golden.Fill(model, Golden.Seed + 6400);
        return model;
    }

    private sealed record Trained(double Losses, double Accuracies, double Predictions, double Summary, double Csv);
}
