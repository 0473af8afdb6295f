using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;

namespace LibraryTests;

public sealed class DropoutTests
{
    [Fact]
    public void Call_WhileTraining_DropsTheShareAndScalesTheRest()
    {
        using var scope = torch.NewDisposeScope();
        var values = new Dropout(0.25f).Call([torch.ones(200, 500)], new CallContext(training: true)).data<float>().ToArray();
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - 1 / 0.75f) < 1e-6f));
        // 100,000 draws: the share's standard deviation is 0.0014.
        Assert.Equal(0.25, values.Count(value => value == 0) / 100_000.0, 0.01);
    }

    [Fact]
    public void Predict_PassesEverythingOn()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(6);
        using var model = new Model(input, new Dropout(0.9f).Apply(input));
        var x = torch.arange(12, torch.ScalarType.Float32).reshape(2, 6);
        Assert.Equal(x.data<float>().ToArray(), model.Predict(x).data<float>().ToArray());
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    public void Rate_OutsideZeroToOne_IsRefused(float rate) => Assert.ThrowsAny<ArgumentException>(() => new Dropout(rate));
}
