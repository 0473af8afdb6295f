using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;

namespace ExtensionTests;

public sealed class ExtensionTests
{
    [Fact]
    public void LayersLossesMetricsOptimizersAndCallbacksOfOnesOwn_Train()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(2);
        using var model = new Model(input, new Scale(3).Apply(input));
        var noted = new Noted();
        model.Compile(new SignDescent(0.25), new AbsoluteError(), [new LargestError()]);
        var x = torch.tensor(new float[] { 1, 2 }, [1, 2]);
        var history = model.Fit(x, torch.zeros(1, 2), epochs: 3, verbose: 0, callbacks: [noted]);
        Assert.Equal([0, 1, 2], noted.Epochs);
        // The gain steps from 1 by 0.25: 3·gain·(1, 2), whose mean is 4.5·gain, and the regularizer's cost 0.01·2·gain².
        Assert.Equal([4.52, 3.38625, 2.255], history["loss"].Select(loss => Math.Round(loss, 5)));
        Assert.Equal([6, 4.5, 3], history["largest_error"].Select(error => Math.Round(error, 5)));
        Assert.Equal([0.25f, 0.25f], model.Weights[0].ToArray());
    }

    [Fact]
    public void AnInitializerAndARegularizerOfOnesOwn_AreUsed()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(2);
        using var model = new Model(input,
            new Dense(2, kernelInitializer: new Counting(), kernelRegularizer: new FourthPower()).Apply(input));
        Assert.Equal([0, 1, 2, 3], model.Weights[0].ToArray());
        model.Compile("sgd", "mse");
        // 0 + 1 + 16 + 81, and no error: nothing comes out of zeros.
        Assert.Equal(98, model.Evaluate(torch.zeros(1, 2), torch.zeros(1, 2), verbose: 0)["loss"]);
    }

    [Fact]
    public void ALayerOrAModel_CanBeCalledOnATensor()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = new Scale(2);
        using var called = layer.Apply(torch.ones(1, 2));
        Assert.Equal([2f, 2f], called.data<float>().ToArray());
        var input = Keras.Input(2);
        using var model = new Model(input, new Activation("sigmoid").Apply(layer.Apply(input)));
        Assert.Equal(1 / (1 + Math.Exp(-2)), model.Apply(torch.ones(1, 2)).data<float>()[1], 1e-6);
        var error = Assert.Throws<ArgumentException>(() => model.Apply(torch.ones(1, 3)));
        Assert.Contains("(None, 2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASavedNetworkWithALayerOfOnesOwn_IsLoadedByCustomObjects()
    {
        using var scope = torch.NewDisposeScope();
        var path = Path.Combine(Directory.CreateTempSubdirectory("extension-").FullName, "model.h5");
        try
        {
            var input = Keras.Input(2);
            using var model = new Model(input, new Scale(5).Apply(input));
            model.Save(path);
            Assert.Contains("Scale", Assert.Throws<InvalidDataException>(() => Keras.LoadModel(path)).Message, StringComparison.Ordinal);
            using var loaded = Keras.LoadModel(path, new Dictionary<string, Func<LayerConfig, Layer>>
            {
                ["Scale"] = config => new Scale(config.Number("factor"), config.Name),
            });
            Assert.Equal([5f, 5f], loaded.Predict(torch.ones(1, 2)).data<float>().ToArray());
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    // The arguments of one, and the private field of the other, tell their features apart.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FrozenLayersOfOnesOwn_DoNotShareFeatures(bool secret)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("extension-").FullName;
        try
        {
            foreach (var name in new[] { "a", "b" })
            {
                Directory.CreateDirectory(Path.Combine(folder, name));
                Keras.Utils.SaveImg(Path.Combine(folder, name, "1.png"),
                    torch.full([4, 4, 3], name == "a" ? 51 : 102).to_type(torch.ScalarType.Float32), scale: false);
            }
            float[] Predicted(double number)
            {
                Layer own = secret ? new SecretShift((float)number) : new Scale(number);
                own.Trainable = false;
                var input = Keras.Input((4, 4, 3));
                using var model = new Model(input,
                    new Dense(1, useBias: false, kernelInitializer: "ones").Apply(new Flatten().Apply(own.Apply(input))));
                var pictures = new ImageDataGenerator(rescale: 1.0 / 255)
                    .FlowFromDirectory(folder, targetSize: (4, 4), batchSize: 2, shuffle: false);
                return model.Predict(pictures).data<float>().ToArray();
            }
            var (first, second) = (Predicted(1), Predicted(2));
            float[] once = secret ? [48 * 1.2f, 48 * 1.4f] : [48 * 0.2f, 48 * 0.4f];
            float[] twice = secret ? [48 * 2.2f, 48 * 2.4f] : [48 * 0.4f, 48 * 0.8f];
            Assert.All(first.Zip(once), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));
            Assert.All(second.Zip(twice), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
