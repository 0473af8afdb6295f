using System.Text.Json;
using DistractedDriver.Core;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Losses and metrics of six rows of five classes.</summary>
internal static class LossChecks
{
    private static readonly JsonElement Values = Golden.Json("losses/values");

    public static IEnumerable<Check> All()
    {
        foreach (var (loss, number) in Values.GetProperty("cases").EnumerateArray().Select((loss, number) => (loss, number)))
            if (loss.GetProperty("loss")
                .GetString() is "BinaryCrossentropy" or "CategoricalCrossentropy" or "SparseCategoricalCrossentropy" or "MeanSquaredError")
                yield return new(Name("losses/values", number, loss, "loss"), 1e-6, () => Losses(loss));
        foreach (var (metric, number) in Golden.Json("metrics").EnumerateArray().Select((metric, number) => (metric, number)))
            if (metric.GetProperty("metric")
                .GetString() is "BinaryAccuracy" or "CategoricalAccuracy" or "SparseCategoricalAccuracy" or "TopKCategoricalAccuracy")
                yield return new(Name("metrics", number, metric, "metric"), 1e-7, () => Metrics(metric));
    }

    /// <summary>What an entry of a list is called.</summary>
    public static string Name(string file, int number, JsonElement entry, string kind) =>
        $"{file}#{number} {entry.GetProperty(kind).GetString()} "
            + $"{entry.GetProperty("arguments").GetRawText().ReplaceLineEndings("").Replace(" ", "")}";

    private static double Losses(JsonElement golden)
    {
        using var scope = torch.NewDisposeScope();
        var arguments = golden.GetProperty("arguments");
        var fromLogits = arguments.TryGetProperty("from_logits", out var flag) && flag.GetBoolean();
        var smoothing = arguments.TryGetProperty("label_smoothing", out var share) ? share.GetSingle() : 0;
        Loss loss = golden.GetProperty("loss").GetString() switch
        {
            "BinaryCrossentropy" => new BinaryCrossentropy(fromLogits, smoothing),
            "CategoricalCrossentropy" => new CategoricalCrossentropy(fromLogits, smoothing),
            "SparseCategoricalCrossentropy" => new SparseCategoricalCrossentropy(fromLogits),
            _ => new MeanSquaredError(),
        };
        var rows = loss.Call(Rows(golden.GetProperty("y_true").GetString()!), Rows(golden.GetProperty("y_pred").GetString()!),
            new CallContext(training: false));
        float[] keras = [.. golden.GetProperty("none").EnumerateArray().Select(value => value.GetSingle())];
        var weighted = (rows * Golden.Tensor("losses/weights")).mean().item<float>();
        return new[]
        {
            Check.Relative(Check.Values(rows), keras),
            Check.Relative([rows.mean().item<float>(), rows.sum().item<float>(), weighted],
                [golden.GetProperty("mean").GetSingle(), golden.GetProperty("sum").GetSingle(),
                    golden.GetProperty("weighted").GetSingle()]),
        }.Max();
    }

    // After each of three batches of two.
    private static double Metrics(JsonElement golden)
    {
        using var scope = torch.NewDisposeScope();
        var arguments = golden.GetProperty("arguments");
        Metric metric = golden.GetProperty("metric").GetString() switch
        {
            "BinaryAccuracy" => new BinaryAccuracy(threshold: arguments.TryGetProperty("threshold", out var threshold)
                ? threshold.GetSingle()
                : 0.5f),
            "CategoricalAccuracy" => new CategoricalAccuracy(),
            "SparseCategoricalAccuracy" => new SparseCategoricalAccuracy(),
            _ => new TopKCategoricalAccuracy(arguments.GetProperty("k").GetInt32()),
        };
        var (truth, prediction) = (Rows(golden.GetProperty("y_true").GetString()!), Rows(golden.GetProperty("y_pred").GetString()!));
        var weights = golden.GetProperty("weighted").GetBoolean() ? Golden.Tensor("losses/weights") : null;
        var results = new List<double>();
        for (var row = 0; row < 6; row += 2)
        {
            metric.UpdateState(truth.slice(0, row, row + 2, 1), prediction.slice(0, row, row + 2, 1), weights?.slice(0, row, row + 2, 1),
                new CallContext(training: false));
            results.Add(metric.Result());
        }
        return Check.Farthest(results, golden.GetProperty("after_each_batch_of_two").EnumerateArray().Select(value => value.GetDouble()));
    }

    private static Tensor Rows(string name)
    {
        if (name == "labels") return torch.tensor(Values.GetProperty("labels").EnumerateArray().Select(value => value.GetSingle())
            .ToArray());
        if (name is "onehot" or "multi" or "real" or "logits") return Golden.Tensor($"losses/{name}");
        var logits = Golden.Tensor("losses/logits");
        return name.StartsWith("sigmoids", StringComparison.Ordinal) ? logits.sigmoid() : logits.softmax(-1);
    }
}
