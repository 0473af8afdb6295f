using System.Globalization;
using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Networks of one unit, and of values: how labels may be given, and the generators' class modes.</summary>
internal static class BinaryChecks
{
    private static readonly JsonElement Runs = Golden.Json("binary/runs");

    private static readonly Dictionary<string, Func<JsonElement, (double Losses, double Accuracies)>> Trainings = new()
    {
        ["labels_n"] = golden => OnArrays(golden, labels => labels),
        ["labels_n_1"] = golden => OnArrays(golden, labels => labels.unsqueeze(1)),
        ["labels_int"] = golden => OnArrays(golden, labels => labels.to_type(torch.ScalarType.Int64)),
        ["logits_smoothed"] = golden =>
        {
            using var model = OneUnit("linear");
            SmallNetworks.Compile(model, new BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.1));
            var history = model.Fit(Golden.Tensor("binary/x"), Labels(), epochs: 2, batchSize: 8, shuffle: false, verbose: 0);
            return TrainingChecks.Compare(golden.GetProperty("history"), logged => history[logged]);
        },
        ["class_mode_binary"] = golden =>
        {
            using var model = OneUnit();
            SmallNetworks.Compile(model, "binary_crossentropy");
            DirectoryIterator Flow(string split) => new ImageDataGenerator(rescale: 1 / 255.0).FlowFromDirectory(
                Golden.PathOf($"imgs/{split}"), targetSize: (8, 8), batchSize: 3, classes: ["c1", "c4"], classMode: "binary",
                    shuffle: false);
            var history = model.Fit(Flow("train"), validationData: Flow("val"), epochs: 3, shuffle: false, verbose: 0,
                classWeight: new Dictionary<int, double> { [0] = 1, [1] = 2 });
            var (losses, accuracies) = TrainingChecks.Compare(golden.GetProperty("history"), logged => history[logged]);
            var keras = golden.GetProperty("predict").EnumerateArray().Select(row => row[0].GetSingle());
            return (Math.Max(losses, Check.Farthest(Check.Values(model.Predict(Flow("val"))), keras)), accuracies);
        },
        ["class_mode_sparse"] = golden =>
        {
            using var model = OneUnit("softmax", 10);
            SmallNetworks.Compile(model, "sparse_categorical_crossentropy");
            var flow = new ImageDataGenerator(rescale: 1 / 255.0).FlowFromDirectory(
                Golden.PathOf("imgs/train"), targetSize: (8, 8), batchSize: 6, classMode: "sparse", shuffle: false);
            var history = model.Fit(flow, epochs: 2, shuffle: false, verbose: 0);
            return TrainingChecks.Compare(golden.GetProperty("history"), logged => history[logged]);
        },
        ["raw"] = OnValues,
    };

    public static IEnumerable<Check> All()
    {
        foreach (var run in Runs.EnumerateObject())
        {
            if (!Trainings.TryGetValue(run.Name, out var train)) continue;
            var trained = new Lazy<(double Losses, double Accuracies)>(() =>
            {
                using var scope = torch.NewDisposeScope();
                return train(run.Value);
            });
            yield return new($"binary/runs#{run.Name} losses", Check.Losses, () => trained.Value.Losses);
            yield return new($"binary/runs#{run.Name} accuracies", 0, () => trained.Value.Accuracies);
        }
    }

    // make_training.py's one_unit.
    private static Model OneUnit(string activation = "sigmoid", int units = 1)
    {
        var input = Keras.Input((8, 8, 3));
        var y = new MaxPooling2D(2).Apply(new Conv2D(4, 3, padding: "same", activation: "relu").Apply(input));
        var model = new Model(input, new Dense(units, activation: activation).Apply(new Flatten().Apply(y)));
        Golden.Fill(model, Golden.Seed + 6500);
        return model;
    }

    private static Tensor Labels() =>
        torch.tensor(Enumerable.Range(0, 40).Select(i => i * 3 % 5 > 1 ? 1f : 0f).ToArray());

    private static (double Losses, double Accuracies) OnArrays(JsonElement golden, Func<Tensor, Tensor> given)
    {
        using var model = OneUnit();
        SmallNetworks.Compile(model, "binary_crossentropy", "accuracy", "AUC", "Precision", "Recall");
        var (x, y) = (Golden.Tensor("binary/x"), given(Labels()));
        var history = model.Fit(x, y, epochs: 3, batchSize: 7, validationSplit: 0.25, shuffle: false, verbose: 0);
        var (losses, accuracies) = TrainingChecks.Compare(golden.GetProperty("history"), logged => history[logged]);
        var keras = golden.GetProperty("evaluate").EnumerateArray().Select(value => value.GetDouble());
        return (Math.Max(losses, model.Evaluate(x, y, verbose: 0).Values.Zip(keras).Max(pair => Math.Abs(pair.First / pair.Second - 1))),
            accuracies);
    }

    private static (double Losses, double Accuracies) OnValues(JsonElement golden)
    {
        using var model = OneUnit("linear");
        SmallNetworks.Compile(model, "mse", "mae");
        var rows = Enumerable.Range(0, 10).Select(i => new Dictionary<string, string>
        {
            ["f"] = $"c{i}/img_{1 + 4 * i}.jpg",
            ["amount"] = (i / 5.0).ToString("R", CultureInfo.InvariantCulture),
        });
        var history = model.Fit(
            new ImageDataGenerator(rescale: 1 / 255.0).FlowFromDataframe([.. rows], Golden.PathOf("imgs/train"), "f", "amount",
                targetSize: (8, 8), classMode: "raw", batchSize: 4, shuffle: false),
            epochs: 3, shuffle: false, verbose: 0);
        return TrainingChecks.Compare(golden.GetProperty("history"), logged => history[logged]);
    }
}
