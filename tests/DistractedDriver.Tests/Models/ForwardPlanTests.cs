using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace LibraryTests;

public sealed class ForwardPlanTests
{
    // Large enough that six images are taken through the first layers in parts.
    private static readonly Shape Large = (512, 512, 8);

    [Fact]
    public void Run_OfLargeImages_GivesForABatchWhatItGivesForEachImageAlone()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(Large);
        var first = new Conv2D(8, 3, padding: "same", activation: "relu").Apply(input);
        var pooled = new MaxPooling2D(8).Apply(new Add().Apply([first, new Conv2D(8, 1, activation: "sigmoid").Apply(first)]));
        using var model = new Model(input,
            new Dense(3, activation: "sigmoid").Apply(new Flatten().Apply(new MaxPooling2D(8).Apply(new Conv2D(8, 3).Apply(pooled)))));
        var images = torch.rand([6, .. Large.Select(size => (long)size!.Value)]);
        var together = model.Predict(images, batchSize: 6);
        var alone = model.Predict(images, batchSize: 1);
        Assert.Equal([6L, 3L], together.shape);
        Assert.InRange((together - alone).abs().max().item<float>(), 0, 1e-6f);
    }

    [Fact]
    public void Run_OfLargeImagesThroughBatchNormalizationByTheBatch_LooksAtTheWholeBatch()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(Large);
        using var model = new Model(input,
            new GlobalAveragePooling2D().Apply(new BatchNormalization().Apply(new Conv2D(8, 1).Apply(input), training: true)));
        var images = torch.rand([6, .. Large.Select(size => (long)size!.Value)]);
        images[..3].mul_(0.5f);
        // By statistics of their own, the dark images' means would be 0.
        Assert.True(model.Predict(images, batchSize: 6)[..3].mean([0]).abs().max().item<float>() > 0.1f);
        Assert.InRange(model.Predict(images, batchSize: 3)[..3].mean([0]).abs().max().item<float>(), 0, 1e-4f);
    }

    [Fact]
    public void Run_OfLargeImagesToSeveralOutputs_GivesThemAll()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(Large);
        var first = new Conv2D(8, 1).Apply(input);
        using var model = new Model(input, [first, new MaxPooling2D(8).Apply(new Conv2D(8, 1).Apply(first))]);
        var images = torch.rand([6, .. Large.Select(size => (long)size!.Value)]);
        var together = model.PredictOutputs(images, batchSize: 6);
        var alone = model.PredictOutputs(images, batchSize: 1);
        Assert.Equal([6L, 512L, 512L, 8L], together[0].shape);
        Assert.Equal([6L, 64L, 64L, 8L], together[1].shape);
        for (var i = 0; i < 2; i++) Assert.InRange((together[i] - alone[i]).abs().max().item<float>(), 0, 1e-6f);
    }

    [Theory]
    [InlineData("relu", 2)]
    [InlineData("linear", 2)]
    [InlineData("tanh", 2)]
    [InlineData("relu", 3)]
    public void Run_OfAConvolutionAndThePoolingOfItsOutput_GivesWhatTheyGiveOneAfterTheOther(string activation, int poolSize)
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((30, 30, 32));
        var convolution = new Conv2D(32, 3, padding: "same", activation: activation);
        var convolved = convolution.Apply(input);
        var pooled = new MaxPooling2D(poolSize).Apply(convolved);
        using var atOnce = new Model(input, pooled);
        // Here the convolution's own values are asked for too.
        using var apart = new Model(input, [convolved, pooled]);
        var images = torch.randn([3, 30, 30, 32]);
        var expected = apart.PredictOutputs(images);
        var large = torch.nn.functional.max_pool2d(expected[0].permute(0, 3, 1, 2), [poolSize, poolSize]).permute(0, 2, 3, 1);
        Assert.Equal(0, (large - expected[1]).abs().max().item<float>());
        Assert.Equal(0, (expected[1] - atOnce.Predict(images)).abs().max().item<float>());
        // While something is learned through them, LibTorch computes them.
        atOnce.Compile(new SGD(0.1f), "mse");
        var before = convolution.GetWeights()[0];
        atOnce.Fit(images, torch.zeros_like(expected[1]), verbose: 0);
        Assert.NotEqual(before, convolution.GetWeights()[0]);
        Assert.Equal(0, (apart.PredictOutputs(images)[1] - atOnce.Predict(images)).abs().max().item<float>());
    }
}
