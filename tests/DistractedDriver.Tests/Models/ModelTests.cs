using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace LibraryTests;

public sealed class ModelTests
{
    [Fact]
    public void Sequential_ComputesWhatItsLayersDoOneAfterTheOther()
    {
        using var scope = torch.NewDisposeScope();
        var (convolution, dense) = (new Conv2D(3, 3), new Dense(2));
        using var model = new Sequential([new InputLayer((5, 5, 1)), convolution, new Flatten()]);
        model.Add(dense);
        var x = torch.rand(4, 5, 5, 1);
        var flat = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2),
            torch.tensor(convolution.GetWeights()[0], [3, 3, 1, 3]).permute(3, 2, 0, 1)).permute(0, 2, 3, 1).reshape(4, -1);
        var expected = flat.matmul(torch.tensor(dense.GetWeights()[0], [27, 2]));
        Assert.InRange((model.Predict(x) - expected).abs().max().item<float>(), 0, 1e-5f);
        Assert.Equal(["conv2d", "flatten", "dense"], model.Layers.Select(layer => layer.Name));
        Assert.Equal("sequential", model.Name);
    }

    [Fact]
    public void Sequential_ThatDoesNotSayWhatGoesIn_SaysHow()
    {
        Assert.Contains("InputLayer",
            Assert.Throws<InvalidOperationException>(() => new Sequential([new Dense(2)]).Summary(_ => { })).Message);
        Assert.Contains("no layers", Assert.Throws<InvalidOperationException>(() => new Sequential().Summary(_ => { })).Message);
    }

    [Fact]
    public void Summary_OfASequentialOverAModel_ShowsTheModelAsOneLayer()
    {
        using var vgg16 = Applications.VGG16(includeTop: false, inputShape: (64, 64, 3), weights: null);
        vgg16.Trainable = false;
        using var model = new Sequential([vgg16, new Flatten(), new Dense(10)]);
        var lines = new List<string>();
        model.Summary(lines.Add);
        Assert.Contains("Model: \"sequential\"", lines);
        Assert.Contains(lines, line =>
            line.Contains("vgg16 (Functional)") && line.Contains("(None, 2, 2, 512)") && line.Contains("14714688"));
        Assert.Contains(lines, line => line.StartsWith("Trainable params: 20490 "));
        Assert.Contains(lines, line => line.StartsWith("Non-trainable params: 14714688 "));
    }

    [Fact]
    public void Summary_OfBranches_SaysWhatEachLayerIsConnectedTo()
    {
        var input = Keras.Input(4);
        var shared = new Dense(4, name: "shared");
        using var model = new Model(input,
            new Add(name: "sum").Apply([shared.Apply(input), shared.Apply(new Dense(4, name: "own").Apply(input))]));
        var lines = new List<string>();
        model.Summary(lines.Add);
        Assert.Contains(lines, line => line.Contains("sum (Add)") && line.Contains("'shared[0][0]',"));
        Assert.Contains(lines, line => line.Contains("'shared[1][0]'"));
        Assert.Equal(2 * 20, model.CountParams());
    }

    [Fact]
    public void Fit_OfAHeadOnAFrozenModel_LeavesThatModelAsItIs()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((6, 6, 2));
        using var inner = new Model(input, new BatchNormalization().Apply(new Conv2D(3, 3).Apply(input)));
        inner.Trainable = false;
        using var model = new Sequential([inner, new GlobalAveragePooling2D(), new Dense(2, activation: "softmax")]);
        model.Compile("adam", "categorical_crossentropy");
        var (before, head) = (inner.GetWeights(), model.Layers[^1].GetWeights()[0]);
        model.Fit(torch.rand(8, 6, 6, 2), torch.eye(2).repeat(4, 1), epochs: 2, verbose: 0);
        Assert.Equal(before, inner.GetWeights());
        Assert.NotEqual(head, model.Layers[^1].GetWeights()[0]);
    }

    [Fact]
    public void Fit_OfAHeadOnAFrozenBaseForImagesOfAnySize_GivesTheHistoryOfOneSize()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (torch.rand(8, 12, 10, 3), torch.eye(2).repeat(4, 1));
        IReadOnlyList<double> Losses(Shape shape, bool cacheFrozenFeatures)
        {
            var input = Keras.Input(shape);
            var pooled = new MaxPooling2D().Apply(new Conv2D(4, 3, kernelInitializer: new GlorotUniform(1), name: "base").Apply(input));
            var last = new Conv2D(3, 3, padding: "same", kernelInitializer: new GlorotUniform(2)).Apply(pooled);
            var head = new Dense(2, "softmax", kernelInitializer: new GlorotUniform(3)).Apply(new GlobalAveragePooling2D().Apply(last));
            using var model = new Model(input, head);
            model.GetLayer("base").Trainable = false;
            model.Compile(new SGD(0.1), "categorical_crossentropy");
            return [.. model.Fit(x, y, epochs: 3, shuffle: false, verbose: 0, cacheFrozenFeatures: cacheFrozenFeatures)["loss"]];
        }
        var fixedSize = Losses((12, 10, 3), cacheFrozenFeatures: true);
        Assert.Equal(fixedSize, Losses(new Shape(null, null, 3), cacheFrozenFeatures: true));
        Assert.Equal(fixedSize, Losses(new Shape(null, null, 3), cacheFrozenFeatures: false));
        Assert.Contains("fixed",
            Assert.Throws<ArgumentException>(() => new Flatten().Apply(Keras.Input(new Shape(null, null, 3)))).Message);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public void Apply_WithTrainingFalse_KeepsMovingStatistics(bool? training, bool moves)
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((6, 6, 2));
        var norm = new BatchNormalization();
        using var inner = new Model(input, norm.Apply(input));
        var outside = Keras.Input((6, 6, 2));
        using var model = new Model(outside,
            new Dense(2, activation: "softmax").Apply(new GlobalAveragePooling2D().Apply(inner.Apply(outside, training))));
        model.Compile("adam", "categorical_crossentropy");
        var before = norm.Weights[2].ToArray();
        model.Fit(torch.rand(8, 6, 6, 2), torch.eye(2).repeat(4, 1), verbose: 0);
        Assert.Equal(moves, !before.SequenceEqual(norm.Weights[2].ToArray()));
    }

    [Fact]
    public void Predict_UnderMixedBFloat16_KeepsWeightsAndComesNearFloat32()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.rand(4, 8, 8, 3);
        Model Make(string policy)
        {
            var convolution = new Conv2D(8, 3, kernelInitializer: new GlorotUniform(1)) { Policy = Policy.Get(policy) };
            var norm = new BatchNormalization { Policy = Policy.Get(policy) };
            var input = Keras.Input((8, 8, 3));
            var pooled = new GlobalAveragePooling2D().Apply(norm.Apply(convolution.Apply(input)));
            return new Model(input, new Dense(5, "softmax", kernelInitializer: new GlorotUniform(2), dtype: policy).Apply(pooled));
        }
        using var whole = Make("float32");
        using var mixed = Make("mixed_bfloat16");

        var (a, b) = (whole.Predict(x), mixed.Predict(x));

        Assert.Equal(whole.GetWeights(), mixed.GetWeights());
        Assert.Equal(torch.ScalarType.Float32, b.dtype);
        var deviation = ((a - b).norm() / a.norm()).item<float>();
        // bfloat16 has eight bits: the numbers differ, and not by much.
        Assert.InRange(deviation, 1e-6, 1e-2);
        mixed.Compile(new SGD(0.1f), "categorical_crossentropy", ["accuracy"]);
        var history = mixed.Fit(x, torch.eye(5).slice(0, 0, 4, 1), epochs: 3, verbose: 0);
        Assert.True(history["loss"][^1] < history["loss"][0]);
        mixed.GetLayer("conv2d").Trainable = false;
        mixed.Compile(new SGD(0.1f), "categorical_crossentropy");
        mixed.Fit(x, torch.eye(5).slice(0, 0, 4, 1), epochs: 2, verbose: 0);
        Assert.All(mixed.Weights, weight => Assert.Equal(torch.ScalarType.Float32, weight.Stored.dtype));
    }
}
