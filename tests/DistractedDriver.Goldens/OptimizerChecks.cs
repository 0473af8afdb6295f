using System.Text.Json;
using System.Text.Json.Nodes;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace Goldens;

/// <summary>Optimizers on given gradients, schedules, and the callbacks that act on a watched value.</summary>
internal static class OptimizerChecks
{
    public static IEnumerable<Check> All()
    {
        foreach (var (steps, number) in Golden.Json("optimizers/steps").EnumerateArray().Select((steps, number) => (steps, number)))
            yield return new(LossChecks.Name("optimizers/steps", number, steps, "optimizer"), 1e-6, () => Steps(steps));
        foreach (var schedule in Golden.Json("optimizers/schedules").EnumerateObject())
            yield return new($"optimizers/schedules#{schedule.Name}", 1e-8, () => Check.Farthest(
                schedule.Value.GetProperty("steps").EnumerateArray()
                    .Select(step => (double)ScheduleRegistry.All.Make(schedule.Name.Split(' ')[0], Arguments(schedule.Value))
                        .At(step.GetInt64())),
                Numbers(schedule.Value.GetProperty("rates"))));
        var callbacks = Golden.Json("callbacks");
        foreach (var (run, number) in callbacks.GetProperty("runs").EnumerateArray().Select((run, number) => (run, number)))
            yield return new(LossChecks.Name("callbacks", number, run, "callback"), 0, () =>
                Watched(run, Numbers(callbacks.GetProperty("val_loss"))));
    }

    private static double Steps(JsonElement golden)
    {
        using var scope = torch.NewDisposeScope();
        using var weight = new Weight("w", 7, torch.CPU);
        weight.Assign(Golden.Floats("optimizers/start"));
        using var optimizer = OptimizerRegistry.All.Make(golden.GetProperty("optimizer").GetString()!, Arguments(golden));
        var gradients = Golden.Floats("optimizers/gradients").Chunk(7);
        return gradients.Zip(golden.GetProperty("after_each_step").EnumerateArray()).Max(step =>
        {
            optimizer.Apply([weight], [torch.tensor(step.First)]);
            return Check.Relative(weight.ToArray(), [.. step.Second.EnumerateArray().Select(value => value.GetSingle())]);
        });
    }

    // The rates after each epoch and the epoch that training stops at.
    private static double Watched(JsonElement run, IEnumerable<double> losses)
    {
        var input = Keras.Input(1);
        using var model = new Model(input, new Dense(1, useBias: false).Apply(input));
        model.Compile(new SGD(0.1f), "mse");
        var callback = Callback(run.GetProperty("callback").GetString()!, run.GetProperty("arguments"));
        callback.Model = model;
        callback.OnTrainBegin();
        var rates = new List<double>();
        int? stopped = null;
        foreach (var (value, epoch) in losses.Select((value, epoch) => (value, epoch)))
        {
            callback.OnEpochBegin(epoch);
            callback.OnEpochEnd(epoch, new Dictionary<string, double> { ["val_loss"] = value });
            rates.Add(model.Optimizer.LearningRate);
            if (!model.StopTraining) continue;
            stopped = epoch;
            break;
        }
        var keras = run.GetProperty("stopped_at_epoch");
        return Check.Different(rates, Numbers(run.GetProperty("learning_rate_after_epoch")))
            + Check.Different([stopped], [keras.ValueKind == JsonValueKind.Null ? null : (int?)keras.GetInt32()]);
    }

    private static JsonObject Arguments(JsonElement golden) =>
        JsonNode.Parse(golden.GetProperty("arguments").GetRawText())!.AsObject();

    private static Callback Callback(string name, JsonElement arguments)
    {
        double? Get(string key) => arguments.TryGetProperty(key, out var value) ? value.GetDouble() : null;
        return name == "ReduceLROnPlateau"
            ? new ReduceLROnPlateau(factor: Get("factor") ?? 0.1, patience: (int)(Get("patience") ?? 10), minDelta: Get("min_delta")
                ?? 1e-4, cooldown: (int)(Get("cooldown") ?? 0), minLr: Get("min_lr") ?? 0)
            : new EarlyStopping(minDelta: Get("min_delta") ?? 0, patience: (int)(Get("patience") ?? 0), baseline: Get("baseline"),
                startFromEpoch: (int)(Get("start_from_epoch") ?? 0));
    }

    private static IEnumerable<double> Numbers(JsonElement array) => array.EnumerateArray().Select(number => number.GetDouble());
}
