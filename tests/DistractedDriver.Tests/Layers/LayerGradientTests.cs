using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace LibraryTests;

public sealed class LayerGradientTests
{
    [Fact]
    public void ReLU_WithAllItsOptions_HasTheGradientOfWhatItComputes()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = new ReLU(maxValue: 0.7, negativeSlope: 0.1, threshold: 0.2);
        var x = torch.tensor(new float[] { -1, 0.1f, 0.5f, 2 }, [1, 4], requires_grad: true);
        var y = layer.Apply(x, training: true);
        // Below the threshold 0.1·(x − 0.2), above it x, at most 0.7.
        Assert.All(y.data<float>().ToArray().Zip([-0.12f, -0.01f, 0.5f, 0.7f]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        y.sum().backward();
        Assert.All(x.grad!.data<float>().ToArray().Zip([0.1f, 0.1f, 1, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(6.0, 0.0)]
    [InlineData(null, 0.1)]
    public void ReLU_WithAMaximumOrASlope_CanBeTrainedThrough(double? maxValue, double negativeSlope)
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(3);
        using var model = new Model(input, new Dense(1).Apply(new ReLU(maxValue, negativeSlope).Apply(new Dense(4).Apply(input))));
        model.Compile("adam", "mse");
        var history = model.Fit(torch.rand(8, 3), torch.rand(8, 1), epochs: 3, verbose: 0);
        Assert.All(history["loss"], loss => Assert.True(double.IsFinite(loss)));
    }

    [Fact]
    public void BatchNormalization_OfOneValueAChannel_LetsTheVarianceFollowZero()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = new BatchNormalization();
        var y = layer.Apply(torch.tensor(new float[] { 3, -2 }, [1, 1, 1, 2]), training: true);
        Assert.All(y.data<float>().ToArray(), value => Assert.Equal(0, value, 1e-5f));
        Assert.All(layer.GetWeights()[2].Zip([0.03f, -0.02f]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.All(layer.GetWeights()[3], variance => Assert.Equal(0.99f, variance, 1e-6f));
    }

    [Fact]
    public void Fit_ThroughALayerThatChangesASavedValue_ThrowsAndLeavesTheProcessAlive()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(3);
        using var model = new Model(input, new Dense(1).Apply(new ChangesInPlace().Apply(new Dense(4).Apply(input))));
        model.Compile("adam", "mse");
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() =>
            model.Fit(torch.rand(8, 3), torch.rand(8, 1), verbose: 0));
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WithAWeightThatNothingUses_LeavesItAsItIs()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(3);
        var idle = new HasAnIdleWeight();
        using var model = new Model(input, new Dense(1).Apply(idle.Apply(input)));
        model.Compile("sgd", "mse");
        model.Fit(torch.rand(8, 3), torch.rand(8, 1), verbose: 0);
        Assert.Equal([1f, 1f], idle.GetWeights()[0]);
    }

    // The gradient of exp is computed from its result.
    private sealed class ChangesInPlace() : Layer(null)
    {
        protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

        protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0].exp().add_(1);
    }

    private sealed class HasAnIdleWeight() : Layer(null)
    {
        protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

        protected override void Build(IReadOnlyList<Shape> inputs) => AddWeight("idle", 2, "ones");

        protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0].alias();
    }
}
