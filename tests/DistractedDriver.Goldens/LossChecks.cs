using System.Text.Json;
using System.Text.Json.Nodes;
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
            yield return new(Name("losses/values", number, loss, "loss"), 1e-6, () => Losses(loss));
        foreach (var (metric, number) in Golden.Json("metrics").EnumerateArray().Select((metric, number) => (metric, number)))
            yield return new(Name("metrics", number, metric, "metric"), 2e-7, () => Metrics(metric));
    }

    /// <summary>What an entry of a list is called.</summary>
    public static string Name(string file, int number, JsonElement entry, string kind) =>
        $"{file}#{number} {entry.GetProperty(kind).GetString()} "
            + $"{entry.GetProperty("arguments").GetRawText().ReplaceLineEndings("").Replace(" ", "")}";

    private static double Losses(JsonElement golden)
    {
        using var scope = torch.NewDisposeScope();
        var loss = LossRegistry.All.Make(golden.GetProperty("loss").GetString()!, Arguments(golden));
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
        var metric = MetricRegistry.All.Make(golden.GetProperty("metric").GetString()!, Arguments(golden));
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

    private static JsonObject Arguments(JsonElement golden) =>
        JsonNode.Parse(golden.GetProperty("arguments").GetRawText())!.AsObject();

    private static Tensor Rows(string name)
    {
        if (name == "labels") return torch.tensor(Values.GetProperty("labels").EnumerateArray().Select(value => value.GetSingle())
            .ToArray());
        if (name is "onehot" or "multi" or "real" or "logits") return Golden.Tensor($"losses/{name}");
        var logits = Golden.Tensor("losses/logits");
        return name.StartsWith("sigmoids", StringComparison.Ordinal) ? logits.sigmoid() : logits.softmax(-1);
    }
}
