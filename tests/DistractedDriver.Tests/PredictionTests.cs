using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using Goldens;
using TorchSharp;

namespace LibraryTests;

public sealed class PredictionTests
{
    private static readonly string Folder = Golden.PathOf("imgs/val");

    [Fact]
    public void Predict_OfAFile_IsPredictOfTheGeneratorThatReadsIt()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Network();
        var flow = new ImageDataGenerator(rescale: 1.0 / 255).FlowFromDirectory(Folder, targetSize: (8, 8), shuffle: false);
        var expected = model.Predict(flow, verbose: 0);
        var said = model.Predict(flow.Filepaths[3], flow.ClassIndices.Keys, rescale: 1.0 / 255);
        var row = expected[3].ToArray();
        Assert.Equal(row.Max(), said.Probability, 1e-6f);
        Assert.Equal($"c{expected.ArgMax()[3]}", said.ClassName);
        Assert.All(row.OrderDescending().Zip(said.Probabilities), pair => Assert.Equal(pair.First, pair.Second.Probability, 1e-6f));
        Assert.Contains("10", Assert.Throws<ArgumentException>(() => model.Predict(flow.Filepaths[3], ["cat", "dog"])).Message);
        Assert.Throws<FileNotFoundException>(() => model.Predict("no.jpg", flow.ClassIndices.Keys));
    }

    [Fact]
    public void PredictAugmented_IsTheMeanOfItsPasses()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Network();
        ImageIterator Flow(bool flips) =>
            new ImageDataGenerator(horizontalFlip: flips).FlowFromDirectory(Folder, targetSize: (8, 8), shuffle: false, seed: 7);
        var (flow, same) = (Flow(true), Flow(true));
        var expected = (model.Predict(same, verbose: 0) + model.Predict(same, verbose: 0) + model.Predict(same, verbose: 0)) / 3;
        Assert.InRange((expected - model.PredictAugmented(flow, 3)).abs().max().item<float>(), 0, 1e-6f);
        Assert.Contains("random", Assert.Throws<ArgumentException>(() => model.PredictAugmented(Flow(false))).Message);
    }

    [Fact]
    public void BalancedClassWeight_MakesClassesCountTheSame()
    {
        Assert.Equal(new Dictionary<int, double> { [0] = 4 / 6.0, [1] = 4 / 2.0 }, Keras.Utils.BalancedClassWeight([0, 0, 0, 1]));
        Assert.Contains("class 1", Assert.Throws<ArgumentException>(() => Keras.Utils.BalancedClassWeight([0, 2])).Message);
    }

    [Fact]
    public void FunctionsOfOnesOwn_AreLayerLossAndMetric()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((2, 2, 1));
        using var model = new Model(input, new Lambda(x => x.flatten(1) * 2).Apply(input));
        Assert.Equal((int?)4, model.OutputShape[1]);
        model.Compile(new SGD(0.1), Loss.From((truth, prediction) => (truth - prediction).square()),
            [Metric.From((truth, prediction) => (truth - prediction).abs(), "error"), "mae"]);
        var (x, y) = (torch.ones(3, 2, 2, 1), torch.zeros(3, 4));
        Assert.Equal([4, 2, 2], model.Evaluate(x, y, verbose: 0).Values);
        Assert.Equal(1, x.max().item<float>());
    }

    private static Model Network()
    {
        var input = Keras.Input((8, 8, 3));
        return new Model(input, new Dense(10, activation: "softmax").Apply(new Flatten().Apply(input)));
    }
}
