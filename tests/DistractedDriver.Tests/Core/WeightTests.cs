using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace LibraryTests;

public sealed class WeightTests
{
    [Fact]
    public void Digest_IsOfTheNumbers_AndFollowsThem()
    {
        using var first = new Weight("first", 4, torch.CPU);
        using var second = new Weight("second", 4, torch.CPU);
        var zeros = first.Digest.ToArray();
        Assert.Equal(zeros, second.Digest.ToArray());
        first.Assign([1, 2, 3, 4]);
        Assert.NotEqual(zeros, first.Digest.ToArray());
        second.Assign([1, 2, 3, 4]);
        Assert.Equal(first.Digest.ToArray(), second.Digest.ToArray());
        first.Assign([0, 0, 0, 0]);
        Assert.Equal(zeros, first.Digest.ToArray());
    }

    [Fact]
    public void FirstNumbers_AreMadeWhenAskedFor_AndNotWhereOthersAreAssigned()
    {
        var made = 0;
        Tensor Make()
        {
            made++;
            return torch.tensor(new float[] { 1, 2, 3, 4, 5, 6 });
        }
        using var asked = new Weight("asked", (2, 3), torch.CPU, [1, 0]);
        asked.SetInitialValues(Make);
        Assert.Equal(0, made);
        Assert.Equal([1, 2, 3, 4, 5, 6], asked.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], asked.ToArray());
        Assert.Equal(1, made);
        var assigned = new Weight("assigned", (2, 3), torch.CPU, [1, 0]);
        assigned.SetInitialValues(Make);
        assigned.Assign([6, 5, 4, 3, 2, 1]);
        Assert.Equal([6, 5, 4, 3, 2, 1], assigned.ToArray());
        Assert.Equal(1, made);
        assigned.Dispose();
        Assert.Throws<ObjectDisposedException>(assigned.ToArray);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Digest_FollowsWhatTrainingChanges(bool images)
    {
        using var scope = torch.NewDisposeScope();
        var input = images ? Keras.Input((2, 2, 3)) : Keras.Input(12);
        using var model = new Model(input, new Dense(1).Apply(new Flatten().Apply(new BatchNormalization().Apply(input))));
        model.Compile("sgd", "mse");
        var before = model.Weights.Select(weight => weight.Digest.ToArray()).ToArray();
        model.Fit(images ? torch.rand(4, 2, 2, 3) : torch.rand(4, 12), torch.ones(4, 1), verbose: 0);
        // The scale and shift, the moving mean and variance, the kernel and the bias.
        Assert.Equal(6, before.Length);
        Assert.All(model.Weights.Zip(before), pair => Assert.NotEqual(pair.Second, pair.First.Digest.ToArray()));
    }
}
