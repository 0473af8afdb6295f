using System.Globalization;
using TorchSharp;

namespace DistractedDriver.Tests;

/// <summary>The tutorial's training, against what Keras 2.15 computed for the same images, weights and order.</summary>
public sealed class TutorialTests
{
    [Fact]
    public void Fit_AsTheTutorialWritesIt_GivesKerasHistoryCsvSummaryAndPredictions()
    {
        using var folder = new TemporaryFolder();
        var csv = Path.Combine(folder.Path, "distracted_driver.csv");
        var golden = Goldens.Json("training/as_written");
        using var model = Tutorial(224, "sigmoid");
        var (train, val) = Generators(new ImageDataGenerator(rescale: 1f / 255), 224, 16);
        model.Compile(optimizer: new Adam(0.01f), loss: "binary_crossentropy", metrics: ["accuracy"]);

        var history = model.Fit(train, validationData: val, epochs: 5, callbacks: [new CSVLogger(csv, append: true)], verbose: 0);
        model.Fit(train, validationData: val, epochs: 1, callbacks: [new CSVLogger(csv, append: true)], verbose: 0);

        AssertHistory(golden, history);
        var lines = new List<string>();
        model.Summary(lines.Add);
        Assert.Equal(File.ReadAllText(Goldens.PathOf("training/as_written_summary.txt")), string.Join('\n', lines) + "\n");
        AssertCsv(File.ReadAllText(Goldens.PathOf("training/distracted_driver.csv")), File.ReadAllText(csv));
        var evaluated = model.Evaluate(val, verbose: 0);
        Assert.Equal(golden.GetProperty("evaluate_after").GetProperty("accuracy").GetDouble(), evaluated["accuracy"]);
        AssertClose(golden.GetProperty("evaluate_after").GetProperty("loss").GetDouble(), evaluated["loss"]);
        using var predicted = model.Predict(val);
        Assert.InRange(Goldens.Deviation(predicted.data<float>().ToArray(), Goldens.Floats("training/as_written_val_predictions")), 0, 1e-4);
    }

    [Fact]
    public void Fit_WithSoftmaxAndPreprocessInput_GivesKerasHistory() => AssertTrainsAsKeras("softmax_caffe", Preprocessed, new Adam(0.001f));

    [Fact]
    public void Fit_AsItShouldBe_GivesKerasHistory() => AssertTrainsAsKeras("as_it_should_be", Preprocessed, new Adam(0.0001f));

    [Fact]
    public void Fit_BySgdWithNesterovMomentum_GivesKerasHistory() => AssertTrainsAsKeras("sgd_nesterov", Preprocessed, new SGD(1e-4f, momentum: 0.9f, nesterov: true));

    [Fact]
    public void Fit_ByRmsprop_GivesKerasHistory() => AssertTrainsAsKeras("rmsprop", Rescaled, new RMSprop(1e-4f));

    [Fact]
    public void Fit_WithMetricsByTheirOwnNames_GivesKerasHistory() => AssertTrainsAsKeras("metrics_named", Rescaled, new Adam(0.001f));

    [Fact]
    public void Fit_WithBlock5Thawed_GivesKerasHistory() =>
        AssertTrainsAsKeras("fine_tune_block5", Rescaled, new Adam(1e-4f), "block5_conv1", "block5_conv2", "block5_conv3");

    [Fact]
    public void Fit_OnFrozenBase_GivesSameHistoryWithAndWithoutFeatureCache()
    {
        History Run(bool cache)
        {
            using var model = Tutorial(32, "softmax");
            var (train, val) = Generators(new ImageDataGenerator(rescale: 1f / 255), 32, 16, shuffle: true);
            model.Compile(optimizer: new Adam(0.001f), loss: "categorical_crossentropy", metrics: ["accuracy"]);
            return model.Fit(train, validationData: val, epochs: 3, verbose: 0, cacheFrozenFeatures: cache);
        }

        var (kept, computed) = (Run(true), Run(false));
        foreach (var name in computed.Names)
            foreach (var (a, b) in kept[name].Zip(computed[name])) Assert.Equal(b, a, 1e-5 * Math.Max(1, Math.Abs(b)));
    }

    [Fact]
    public void Fit_WithImagesOfAnotherSize_NamesBothShapesAndTheArgument()
    {
        using var model = Tutorial(64, "softmax");
        var (train, _) = Generators(new ImageDataGenerator(), 72, 16);
        model.Compile("adam", "categorical_crossentropy");

        var error = Assert.Throws<ArgumentException>(() => model.Fit(train, verbose: 0));

        Assert.Contains("(None, 64, 64, 3)", error.Message);
        Assert.Contains("(None, 72, 72, 3)", error.Message);
        Assert.Contains("targetSize: (64, 64)", error.Message);
    }

    [Fact]
    public void Fit_OverManySteps_KeepsNoTensors()
    {
        var input = Keras.Input(12);
        using var model = new Model(input, new Dense(3, "softmax").Apply(new Dropout(0.2).Apply(input)));
        model.Compile("adam", "categorical_crossentropy", ["accuracy"]);
        using var x = torch.rand(40, 12);
        using var y = torch.eye(3).index_select(0, torch.arange(40).remainder(3));
        model.Fit(x, y, batchSize: 8, epochs: 1, verbose: 0);

        // The count is the thread's own, so tests beside this one do not disturb it.
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Fit(x, y, batchSize: 8, epochs: 20, verbose: 0);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ImageDataGenerator Rescaled => new(rescale: 1f / 255);

    private static ImageDataGenerator Preprocessed => new(preprocessingFunction: VGG16.PreprocessInput);

    // The rest of the training is as the golden describes it.
    private static void AssertTrainsAsKeras(string name, ImageDataGenerator generator, Optimizer optimizer, params string[] thawed)
    {
        var golden = Goldens.Json($"training/{name}");
        var size = golden.GetProperty("input").GetInt32();
        using var model = Tutorial(size, golden.GetProperty("activation").GetString()!);
        foreach (var layer in thawed) model.GetLayer(layer).Trainable = true;
        var (train, val) = Generators(generator, size, golden.GetProperty("batch_size").GetInt32());
        model.Compile(optimizer, golden.GetProperty("loss").GetString()!, [.. golden.GetProperty("metrics").EnumerateArray().Select(metric => (Metric)metric.GetString()!)]);

        AssertHistory(golden, model.Fit(train, validationData: val, epochs: golden.GetProperty("epochs").GetInt32(), verbose: 0));
    }

    private static Model Tutorial(int size, string activation)
    {
        var vgg16 = Applications.VGG16(includeTop: false, inputShape: (size, size, 3), weights: Goldens.Vgg16Weights);
        foreach (var layer in vgg16.Layers) layer.Trainable = false;
        var head = new Dense(10, activation: activation);
        var model = new Model(vgg16.Input, head.Apply(new Flatten().Apply(vgg16.Output)));
        var inputs = (int)head.Weights[0].Shape[0]!;
        var limit = Math.Sqrt(6.0 / (inputs + 10));
        head.SetWeights([Goldens.Draw(Goldens.Seed + 2000, inputs * 10, -limit, limit), new float[10]]);
        return model;
    }

    private static (DirectoryIterator Train, DirectoryIterator Val) Generators(ImageDataGenerator generator, int size, int batch, bool shuffle = false)
    {
        DirectoryIterator Flow(string split) => generator.FlowFromDirectory(
            Goldens.PathOf($"imgs/{split}"), targetSize: (size, size), batchSize: batch, classMode: "categorical", shuffle: shuffle, seed: shuffle ? 3 : null);
        return (Flow("train"), Flow("val"));
    }

    private static void AssertHistory(System.Text.Json.JsonElement golden, History history)
    {
        Assert.Equal(golden.GetProperty("history").EnumerateObject().Select(logged => logged.Name).Order(), history.Names.Order());
        Assert.Equal(golden.GetProperty("history").GetProperty("loss").GetArrayLength(), history["loss"].Count);
        foreach (var logged in golden.GetProperty("history").EnumerateObject())
            foreach (var (expected, actual) in logged.Value.EnumerateArray().Select(value => value.GetDouble()).Zip(history[logged.Name]))
            {
                if (logged.Name.Contains("accuracy")) Assert.Equal(expected, actual);
                else AssertClose(expected, actual);
            }
    }

    private static void AssertClose(double expected, double actual) => Assert.InRange(Math.Abs(actual - expected) / Math.Abs(expected), 0, 1e-4);

    private static void AssertCsv(string expected, string actual)
    {
        var (goldenLines, lines) = (expected.Split("\r\n"), actual.Split("\r\n"));
        Assert.Equal(goldenLines.Length, lines.Length);
        Assert.Equal(goldenLines[0], lines[0]);
        var names = lines[0].Split(',');
        foreach (var (goldenLine, line) in goldenLines.Zip(lines).Skip(1).SkipLast(1))
            foreach (var ((name, goldenField), field) in names.Zip(goldenLine.Split(',')).Zip(line.Split(',')))
            {
                if (name.EndsWith("loss")) AssertClose(double.Parse(goldenField, CultureInfo.InvariantCulture), double.Parse(field, CultureInfo.InvariantCulture));
                else Assert.Equal(goldenField, field);
            }
    }
}
