using DistractedDriver.Core;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace LibraryTests;

public sealed class OptimizerTests
{
    [Fact]
    public void LearningRate_OfASchedule_FollowsTheStepsAndCannotBeSet()
    {
        using var scope = torch.NewDisposeScope();
        using var weight = new Weight("w", 1, torch.CPU);
        using var optimizer = new SGD(new ExponentialDecay(1, 1, 0.5f));
        optimizer.Apply([weight], [torch.ones(1)]);
        optimizer.Apply([weight], [torch.ones(1)]);
        Assert.Equal([-1.5f], weight.ToArray());
        Assert.Equal(0.25f, optimizer.LearningRate);
        Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 0.1f);
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new Adam(0));
        Assert.ThrowsAny<ArgumentException>(() => new SGD(0.1f, momentum: 2));
        Assert.ThrowsAny<ArgumentException>(() => new RMSprop(rho: 1));
        Assert.Contains("clipnorm", Assert.Throws<ArgumentException>(() => new Adam(clipnorm: 1, clipvalue: 1)).Message);
        Assert.Contains("\"rmsprop\"", Assert.Throws<ArgumentException>(() => (Optimizer)"adamax").Message);
    }
}
