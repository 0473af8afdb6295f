using System.Collections.Concurrent;
using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace Goldens;

/// <summary>Pretrained networks with a new head: frozen, partly trained, trained whole; called for inference or not.</summary>
internal static class FineTuneChecks
{
    private const int Size = 64;
    private static readonly JsonElement Runs = Golden.Json("finetune/runs").GetProperty("runs");
    private static readonly ConcurrentDictionary<string, Lazy<Tuned>> Trainings = [];

    public static IEnumerable<Check> All()
    {
        foreach (var run in Runs.EnumerateObject().Select(run => run.Name))
        {
            // MobileNetV2 trained whole is as far from itself in Keras: 5e-6 and 8e-5.
            var bound = run == "MobileNetV2_whole_inference" ? 5e-4 : Check.Losses;
            yield return new($"finetune/{run}_before", Check.Losses, () => Of(run).Before);
            yield return new($"finetune/{run}_after", bound, () => Of(run).After);
            yield return new($"finetune/runs#{run} losses", Check.Losses, () => Of(run).Losses);
            yield return new($"finetune/runs#{run} accuracies", 0, () => Of(run).Accuracies);
            yield return new($"finetune/runs#{run} parameters", 0, () => Of(run).Parameters);
            yield return new($"finetune/runs#{run} moving statistics", Check.Losses, () => Of(run).Statistics);
        }
    }

    private static Tuned Of(string run) => Trainings.GetOrAdd(run, _ => new(() => Train(run, Runs.GetProperty(run)))).Value;

    private static Tuned Train(string run, JsonElement golden)
    {
        using var scope = torch.NewDisposeScope();
        var x = Golden.Tensor("finetune/x");
        var y = torch.nn.functional.one_hot(torch.arange(24) * 7 % 4, 4).to_type(torch.ScalarType.Float32);
        Shape shape = (Size, Size, 3);
        var name = golden.GetProperty("base").GetString();
        var network = name switch
        {
            "MobileNetV2" => Applications.MobileNetV2(includeTop: false, weights: null, shape),
            "ResNet50" => Applications.ResNet50(includeTop: false, weights: null, shape),
            _ => Applications.VGG16(includeTop: false, weights: null, shape),
        };
        Golden.Fill(network, Golden.Seed + 5000);
        if (name == "ResNet50")
        {
            foreach (var gamma in network.Weights.Where(weight => weight.Name == "gamma"))
                gamma.Assign([.. gamma.ToArray().Select(value => value * 0.75f)]);
        }
        foreach (var layer in network.Layers.Take(golden.GetProperty("frozen_layers").GetInt32())) layer.Trainable = false;

        var input = Keras.Input(shape);
        var value = network.Apply(input, golden.GetProperty("call").GetString() == "inference" ? false : null);
        var head = new Dense(4, activation: "softmax", name: "head");
        using var model = new Model(input, head.Apply(new GlobalAveragePooling2D().Apply(value)));
        var features = head.Weights[0].Shape[0]!.Value;
        head.SetWeights([Golden.Draw(Golden.Seed + 711, features * 4, -0.05, 0.05), new float[4]]);
        var rate = golden.GetProperty("learning_rate").GetDouble();
        model.Compile(golden.GetProperty("optimizer").GetString() == "Adam"
            ? new Adam(rate)
            : new SGD(rate), "categorical_crossentropy", ["accuracy"]);

        using var before = model.Predict(x);
        var history = model.Fit(x, y, epochs: 3, batchSize: 8, shuffle: false, verbose: 0);
        using var after = model.Predict(x);
        var evaluated = model.Evaluate(x, y, batchSize: 8, verbose: 0);
        var logged = golden.GetProperty("history");
        var evaluate = Numbers(golden.GetProperty("evaluate"));
        var trainable = model.TrainableWeights.Sum(weight => weight.Count);
        return new(
            Check.Relative(before, $"finetune/{run}_before"), Check.Relative(after, $"finetune/{run}_after"),
            history["loss"].Append(evaluated["loss"]).Zip(Numbers(logged.GetProperty("loss")).Append(evaluate[0]))
                .Max(pair => Math.Abs(pair.First / pair.Second - 1)),
            Check.Different(history["accuracy"].Append(evaluated["accuracy"]), Numbers(logged.GetProperty("accuracy")).Append(evaluate[1])),
            Check.Different(
                [trainable, model.CountParams() - trainable],
                [golden.GetProperty("trainable").GetInt64(), golden.GetProperty("non_trainable").GetInt64()]),
            Statistics(network, golden.GetProperty("first_middle_last_batch_norm")));
    }

    // The first six of a layer's moving means and variances.
    private static double Statistics(Model network, JsonElement golden)
    {
        var farthest = 0.0;
        foreach (var norm in golden.EnumerateObject())
        {
            var weights = network.GetLayer(norm.Name).Weights;
            foreach (var (statistic, i) in new[] { "moving_mean", "moving_variance" }.Select((statistic, i) => (statistic, i)))
            {
                var ours = weights.Single(weight => weight.Name == statistic).ToArray();
                farthest = Math.Max(farthest, Check.Relative(ours[..6], [.. Numbers(norm.Value[i]).Select(number => (float)number)]));
            }
        }
        return farthest;
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private sealed record Tuned(double Before, double After, double Losses, double Accuracies, double Parameters, double Statistics);
}
