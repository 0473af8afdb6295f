using System.Text.Json;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Tests;

/// <summary>Losses and metrics of Keras's goldens: six rows of five classes.</summary>
public sealed class LossAndMetricTests
{
    private static readonly JsonElement Values = Goldens.Json("losses/values");
    private static readonly JsonElement[] Losses = [.. Values.GetProperty("cases").EnumerateArray()];
    private static readonly JsonElement[] Metrics = [.. Goldens.Json("metrics").EnumerateArray()];

    public static TheoryData<int> LossCases() => [.. Enumerable.Range(0, Losses.Length).Where(i =>
        Losses[i].GetProperty("loss").GetString() is "BinaryCrossentropy" or "CategoricalCrossentropy" or "SparseCategoricalCrossentropy" or "MeanSquaredError")];

    public static TheoryData<int> MetricCases() => [.. Enumerable.Range(0, Metrics.Length).Where(i =>
        !Metrics[i].GetProperty("weighted").GetBoolean() && Metrics[i].GetProperty("metric").GetString() is "BinaryAccuracy" or "CategoricalAccuracy" or "SparseCategoricalAccuracy" or "TopKCategoricalAccuracy")];

    [Theory]
    [MemberData(nameof(LossCases))]
    public void Loss_OfEachRow_IsKeras(int number)
    {
        using var scope = torch.NewDisposeScope();
        var golden = Losses[number];
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
        var rows = loss.Call(Array(golden.GetProperty("y_true").GetString()!), Array(golden.GetProperty("y_pred").GetString()!), new CallContext(training: false));
        float[] expected = [.. golden.GetProperty("none").EnumerateArray().Select(value => value.GetSingle())];
        Assert.InRange(Goldens.Deviation(rows.data<float>().ToArray(), expected), 0, 1e-6);
        Assert.Equal(golden.GetProperty("mean").GetDouble(), rows.mean().item<float>(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(MetricCases))]
    public void Metric_AfterEachOfThreeBatches_IsKeras(int number)
    {
        using var scope = torch.NewDisposeScope();
        var golden = Metrics[number];
        var arguments = golden.GetProperty("arguments");
        Metric metric = golden.GetProperty("metric").GetString() switch
        {
            "BinaryAccuracy" => new BinaryAccuracy(threshold: arguments.TryGetProperty("threshold", out var threshold) ? threshold.GetSingle() : 0.5f),
            "CategoricalAccuracy" => new CategoricalAccuracy(),
            "SparseCategoricalAccuracy" => new SparseCategoricalAccuracy(),
            _ => new TopKCategoricalAccuracy(arguments.GetProperty("k").GetInt32()),
        };
        var (truth, prediction) = (Array(golden.GetProperty("y_true").GetString()!), Array(golden.GetProperty("y_pred").GetString()!));
        var batch = 0;
        foreach (var expected in golden.GetProperty("after_each_batch_of_two").EnumerateArray())
        {
            metric.Update(truth.slice(0, batch, batch + 2, 1), prediction.slice(0, batch, batch + 2, 1), new CallContext(training: false));
            Assert.Equal(expected.GetDouble(), metric.Result, 1e-7);
            batch += 2;
        }
        Assert.Equal(6, batch);
    }

    [Fact]
    public void Fit_OnSparseLabels_IsFitOnOneHotOnes()
    {
        using var scope = torch.NewDisposeScope();
        History Train(Loss loss, Tensor labels)
        {
            Keras.SetRandomSeed(3);
            var input = Keras.Input(4);
            using var model = new Model(input, new Dense(3, activation: "softmax", kernelInitializer: "ones").Apply(input));
            model.Compile(new SGD(0.1f), loss, ["accuracy"]);
            return model.Fit(torch.arange(48, torch.ScalarType.Float32).reshape(12, 4) / 48, labels, batchSize: 4, epochs: 3, shuffle: false, verbose: 0);
        }
        var classes = torch.arange(12) % 3;
        var sparse = Train("sparse_categorical_crossentropy", classes);
        var oneHot = Train("categorical_crossentropy", torch.nn.functional.one_hot(classes, 3));
        Assert.Equal(oneHot["loss"], sparse["loss"]);
        Assert.Equal(oneHot["accuracy"], sparse["accuracy"]);
        Assert.Contains("sparse", Assert.Throws<ArgumentException>(() => Train("sparse_categorical_crossentropy", torch.nn.functional.one_hot(classes, 3))).Message);
    }

    private static Tensor Array(string name)
    {
        if (name == "labels") return torch.tensor(Values.GetProperty("labels").EnumerateArray().Select(value => value.GetSingle()).ToArray());
        var shape = new long[] { 6, 5 };
        if (name is "onehot" or "multi" or "real" or "logits") return torch.tensor(Goldens.Floats($"losses/{name}"), shape);
        var logits = torch.tensor(Goldens.Floats("losses/logits"), shape);
        return name.StartsWith("sigmoids", StringComparison.Ordinal) ? logits.sigmoid() : logits.softmax(-1);
    }
}
