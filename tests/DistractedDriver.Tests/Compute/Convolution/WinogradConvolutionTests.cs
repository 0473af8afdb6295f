using DistractedDriver;
using DistractedDriver.Compute;
using DistractedDriver.Compute.Convolution;
using DistractedDriver.Initializers;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace LibraryTests;

public sealed class WinogradConvolutionTests
{
    [Theory]
    [InlineData(1, 8, 8, 16, 16, 1, true)]
    [InlineData(2, 7, 9, 16, 32, 1, true)]
    [InlineData(3, 5, 30, 32, 16, 0, false)]
    [InlineData(1, 1, 1, 16, 16, 1, false)]
    [InlineData(1, 3, 3, 16, 16, 0, true)]
    [InlineData(5, 28, 28, 64, 64, 1, true)]
    [InlineData(2, 7, 9, 16, 128, 1, true)]
    [InlineData(2, 14, 14, 256, 32, 1, false)]
    public void GivesWhatTheDirectConvolutionGives(int batch, int height, int width, int channels, int filters, int padding, bool relu)
    {
        using var scope = torch.NewDisposeScope();
        var (images, kernel, bias, exact) = ConvolutionExample.Create(batch, height, width, channels, filters, padding, relu);
        var prepared = WinogradConvolution.Prepare(kernel);
        var convolved = WinogradConvolution.Convolve(images, prepared, filters, bias, padding, relu, pooled: false);
        Assert.Equal(exact.shape, convolved.shape);
        Assert.InRange(((convolved - exact).norm() / exact.norm()).item<double>(), 0, 5e-6);
        Assert.Equal(0, WinogradConvolution.Convolve(images, prepared, filters, bias, padding, relu,
            pooled: false).sub(convolved).abs().max().item<float>());
    }

    [Theory]
    [InlineData(1, 8, 8, 16, 16, 1, true)]
    [InlineData(3, 7, 9, 16, 32, 1, false)]
    [InlineData(2, 6, 31, 32, 16, 0, false)]
    [InlineData(1, 13, 11, 16, 64, 0, true)]
    public void GivesTheSamePooledAsItGivesBeforeThePooling(int batch, int height, int width, int channels, int filters, int padding,
        bool relu)
    {
        using var scope = torch.NewDisposeScope();
        var (images, kernel, bias, _) = ConvolutionExample.Create(batch, height, width, channels, filters, padding, relu);
        var prepared = WinogradConvolution.Prepare(kernel);
        ConvolutionExample.AssertSame(
            ConvolutionExample.LargestOfEachFour(
                WinogradConvolution.Convolve(images, prepared, filters, bias, padding, relu, pooled: false)),
            WinogradConvolution.Convolve(images, prepared, filters, bias, padding, relu, pooled: true));
    }

    [Fact]
    public void ALayer_FollowsItsWeightsWhenTheyChange()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((8, 8, 16));
        var layer = new Conv2D(16, 3, padding: "same", activation: "relu", kernelInitializer: new GlorotUniform(1));
        using var model = new Model(input, layer.Apply(input));
        using var x = torch.randn([2, 8, 8, 16], generator: new torch.Generator(2));
        var before = model.Predict(x);
        layer.SetWeights([.. layer.GetWeights().Select(values => values.Select(value => value * 2).ToArray())]);
        Assert.InRange((model.Predict(x) - before * 2).abs().max().item<float>(), 0, 1e-5f);
        // And when an optimizer changes them.
        using var trained = new Model(input,
            new Dense(1, kernelInitializer: new GlorotUniform(3)).Apply(new Flatten().Apply(layer.Output)));
        trained.Compile(new SGD(0.5f), "mse");
        trained.Fit(x, torch.ones(2, 1), verbose: 0);
        var after = model.Predict(x);
        var kernel = torch.tensor(layer.GetWeights()[0], [3, 3, 16, 16]).permute(3, 2, 0, 1);
        var direct = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), kernel, torch.tensor(layer.GetWeights()[1]),
            padding: [1, 1]).relu().permute(0, 2, 3, 1);
        Assert.InRange(((after - direct).norm() / direct.norm()).item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void Work_IsDoneOnceForEachNumber_AndItsErrorIsTheCallers()
    {
        var done = new int[1000];
        ComputeThreads.Run(done.Length, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, count => Assert.Equal(1, count));
        Assert.Equal("third",
            Assert.Throws<InvalidOperationException>(() =>
                ComputeThreads.Run(10, i => { if (i == 3) throw new InvalidOperationException("third"); })).Message);
        ComputeThreads.Run(1, i => Interlocked.Increment(ref done[i]));
        Assert.Equal(2, done[0]);
    }

    [Fact]
    public void ACallerThatIsInterrupted_LeavesNoWorkBehind()
    {
        var (running, after) = (0, -1);
        var caller = new Thread(() =>
        {
            try
            {
                ComputeThreads.Run(100_000, _ =>
                {
                    Interlocked.Increment(ref running);
                    Thread.Sleep(1);
                    Interlocked.Decrement(ref running);
                });
            }
            catch (ThreadInterruptedException)
            {
                after = Volatile.Read(ref running);
            }
        });
        caller.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref running) > 0);
        caller.Interrupt();
        caller.Join();
        Assert.Equal(0, after);
    }
}
