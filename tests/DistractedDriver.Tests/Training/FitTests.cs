using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using Goldens;
using TorchSharp;

namespace LibraryTests;

public sealed class FitTests
{
    [Fact]
    public void Fit_WithWeightsThatDoNotFit_SaysSo()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((8, 8, 3));
        using var model = new Model(input, new Dense(3, activation: "softmax").Apply(new Flatten().Apply(input)));
        model.Compile("adam", "categorical_crossentropy");
        var (x, y) = (torch.zeros(4, 8, 8, 3), torch.zeros(4, 3));
        Assert.Contains("1, 2",
            Assert.Throws<ArgumentException>(() =>
                model.Fit(x, y, verbose: 0, classWeight: new Dictionary<int, double> { [1] = 1, [2] = 1 })).Message);
        Assert.Contains("4 samples",
            Assert.Throws<ArgumentException>(() => model.Fit(x, y, verbose: 0, sampleWeight: torch.ones(3))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Fit(x, y, verbose: 0, validationSplit: 1));
    }

    [Fact]
    public void Fit_OnFrozenBase_GivesSameHistoryWithAndWithoutFeatureCache()
    {
        History Run(bool cache)
        {
            using var model = TrainingChecks.Tutorial(32, "softmax");
            var (train, val) = Generators(new ImageDataGenerator(rescale: 1f / 255), 32, 16, shuffle: true);
            model.Compile(optimizer: new Adam(0.001f), loss: "categorical_crossentropy", metrics: ["accuracy"]);
            return model.Fit(train, validationData: val, epochs: 3, shuffle: false, verbose: 0, cacheFrozenFeatures: cache);
        }

        var (kept, computed) = (Run(true), Run(false));
        foreach (var name in computed.Names)
            foreach (var (a, b) in kept[name].Zip(computed[name])) Assert.Equal(b, a, 1e-5 * Math.Max(1, Math.Abs(b)));
    }

    [Fact]
    public void Fit_WithImagesThatItsLayersCannotTake_NamesTheLayerBothSizesAndTheArgument()
    {
        using var model = TrainingChecks.Tutorial(64, "softmax");
        var (train, _) = Generators(new ImageDataGenerator(), 96, 16);
        model.Compile("adam", "categorical_crossentropy");

        var error = Assert.Throws<ArgumentException>(() => model.Fit(train, verbose: 0));

        Assert.Contains("images of 64 × 64", error.Message);
        Assert.Contains("gives 96 × 96", error.Message);
        Assert.Contains("dense", error.Message);
        Assert.Contains("targetSize: (64, 64)", error.Message);
    }

    [Fact]
    public void Fit_OverManySteps_KeepsNoTensors()
    {
        var input = Keras.Input(12);
        var inner = new Sequential(
            [new InputLayer(12), new BatchNormalization(), new Dense(4, "swish"),
                new BatchNormalization { Policy = Policy.Get("mixed_bfloat16") }]);
        using var model = new Model(input,
            new Dense(3, "softmax", kernelRegularizer: "l2").Apply(new Dropout(0.2).Apply(inner.Apply(input))));
        model.Compile("adam", "categorical_crossentropy", ["accuracy"], weightedMetrics: ["categorical_accuracy"]);
        using var x = torch.rand(40, 12);
        using var y = torch.eye(3).index_select(0, torch.arange(40).remainder(3));
        model.Fit(x, y, batchSize: 8, epochs: 1, verbose: 0);

        // The count is the thread's own, so tests beside this one do not disturb it. Samples and labels are made on another
        // thread and freed on this one: two tensors for each of five batches.
        const int epochs = 20;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Fit(x, y, batchSize: 8, epochs: epochs, verbose: 0);

        Assert.Equal(before - epochs * 5 * 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (DirectoryIterator Train, DirectoryIterator Val) Generators(ImageDataGenerator generator, int size, int batch,
        bool shuffle = false)
    {
        DirectoryIterator Flow(string split) => generator.FlowFromDirectory(
            Golden.PathOf($"imgs/{split}"), targetSize: (size, size), batchSize: batch, classMode: "categorical", shuffle: shuffle,
                seed: shuffle ? 3 : null);
        return (Flow("train"), Flow("val"));
    }
}
