using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using Goldens;
using SkiaSharp;
using TorchSharp;

namespace LibraryTests;

public sealed class ClassifyTests
{
    private static readonly string Val = Golden.PathOf("imgs/val");

    [Theory]
    [InlineData("categorical", true)]
    [InlineData("sparse", false)]
    [InlineData(null, true)]
    public void Classify_OfAGenerator_GivesItsFilesInOrderHoweverItShuffles(string? classMode, bool shuffle)
    {
        using var model = Classifier(10, "softmax");
        var images = Generator().FlowFromDirectory(Val, targetSize: (8, 8), batchSize: 6, classMode: classMode, shuffle: shuffle, seed: 3);
        var plain = Generator().FlowFromDirectory(Val, targetSize: (8, 8), batchSize: 20, shuffle: false);
        using var expected = model.Predict(plain);

        var result = model.Classify(images);

        Assert.Equal(plain.Classes, result.Labels);
        Assert.Equal(plain.Filepaths, result.Files!);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"c{i}"), result.Classes);
        var differences = expected.data<float>().ToArray().Zip(result.ToArray().Cast<float>(), (a, b) => Math.Abs(a - b));
        Assert.InRange(differences.Max(), 0, 1e-6);
    }

    [Fact]
    public void Classify_ReadsEachPictureOnceAndLeavesTheGeneratorsOrder()
    {
        var pictures = 0;
        var counting = new ImageDataGenerator(preprocessingFunction: x =>
        {
            Interlocked.Add(ref pictures, (int)x.shape[0]);
            return x / 255;
        });
        using var model = Classifier(10, "softmax");
        var images = counting.FlowFromDirectory(Val, targetSize: (8, 8), batchSize: 6, seed: 3);
        var untouched = counting.FlowFromDirectory(Val, targetSize: (8, 8), batchSize: 6, seed: 3);

        model.Classify(images);

        Assert.Equal(images.Samples, pictures);
        Assert.Equal(untouched.NextIndices(), images.NextIndices());
    }

    [Fact]
    public void Classify_OfOneSigmoid_MakesTwoClasses()
    {
        using var model = Classifier(1, "sigmoid");
        using var logits = Classifier(1, null);
        foreach (var (weight, same) in logits.Weights.Zip(model.Weights)) weight.Assign(same.ToArray());
        var images = Generator().FlowFromDirectory(Val, targetSize: (8, 8), batchSize: 3, classMode: "binary", classes: ["c3", "c1"]);

        var result = model.Classify(images);

        Assert.Equal(["c3", "c1"], result.Classes);
        for (var i = 0; i < result.Samples; i++) Assert.Equal(1, result[i, 0] + result[i, 1], 1e-6);
        Assert.Equal(result[0, 1], logits.Classify(images, fromLogits: true)[0, 1], 1e-6);
        Assert.Contains("tells 2 classes apart, the images are of 10",
            Assert.Throws<ArgumentException>(() => model.Classify(Generator().FlowFromDirectory(Val, targetSize: (8, 8)))).Message);
    }

    [Fact]
    public void Classify_OfArrays_TakesLabelsOneHotFromAGeneratorOrAsNumbers()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Classifier(3, "softmax");
        var (x, y) = (torch.rand(5, 8, 8, 3), Keras.Utils.ToCategorical([0, 1, 2, 1, 0], 3));
        Assert.Equal([0, 1, 2, 1, 0], model.Classify(new ImageDataGenerator().Flow(x, y, batchSize: 2)).Labels);
        Assert.Equal([0, 1, 2, 1, 0], model.Classify(x, [0, 1, 2, 1, 0], ["a", "b", "c"]).Labels);
        Assert.Contains("one class", Assert.Throws<ArgumentException>(() =>
            model.Classify(new ImageDataGenerator().Flow(x, torch.ones(5, 3), batchSize: 2))).Message);
        Assert.Contains("no labels", Assert.Throws<ArgumentException>(() =>
            model.Classify(new ImageDataGenerator().Flow(x, batchSize: 2))).Message);
    }

    [Fact]
    public void ShowMostConfidentMistakes_HasAPictureForEach()
    {
        using var model = Classifier(10, "softmax");
        var result = model.Classify(Generator().FlowFromDirectory(Val, targetSize: (8, 8)));
        var count = result.MostConfidentMistakes(4).Count;
        using var sheet = SKBitmap.Decode(
            Convert.FromBase64String(result.ShowMostConfidentMistakes(4, columns: 2, tileWidth: 100).As(MimeTypes.Jpeg)!));
        Assert.Equal(4, count);
        // Two rows of pictures of 100 × 75 with three lines below each.
        Assert.Equal((2 * 104 + 4, 2 * (75 + 4 + 48) + 4), (sheet.Width, sheet.Height));
    }

    private static ImageDataGenerator Generator() => new(rescale: 1.0 / 255);

    private static Sequential Classifier(int units, string? activation)
    {
        var model = new Sequential([new InputLayer((8, 8, 3)), new Flatten(), new Dense(units, activation: activation)]);
        model.Weights[0].Assign(Golden.Draw(7, model.Weights[0].Count, -0.3, 0.3));
        return model;
    }
}
