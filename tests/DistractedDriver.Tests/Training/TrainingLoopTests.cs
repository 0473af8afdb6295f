using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace LibraryTests;

public sealed class TrainingLoopTests
{
    [Fact]
    public void TrainOnBatch_StepByStep_IsFit()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = Data();
        using var fitted = Network();
        using var stepped = Network();
        fitted.Fit(x, y, batchSize: 4, epochs: 2, shuffle: false, verbose: 0);
        for (var epoch = 0; epoch < 2; epoch++)
            for (var row = 0; row < 12; row += 4) stepped.TrainOnBatch(x.narrow(0, row, 4), y.narrow(0, row, 4));
        Assert.Equal(fitted.GetWeights().SelectMany(values => values), stepped.GetWeights().SelectMany(values => values));

        var (loss, accuracy) = stepped.TestOnBatch(x, y);
        var evaluated = fitted.Evaluate(x, y, batchSize: 12, verbose: 0);
        Assert.Equal(evaluated["loss"], loss, 1e-6);
        Assert.Equal(evaluated["accuracy"], accuracy);
        Assert.Equal(fitted.Predict(x, verbose: 0).data<float>().ToArray(), stepped.PredictOnBatch(x).data<float>().ToArray());
    }

    [Fact]
    public void Deconstruct_OfAnotherNumberOfValues_NamesThem()
    {
        IReadOnlyDictionary<string, double> values = new Dictionary<string, double> { ["loss"] = 1, ["accuracy"] = 2, ["auc"] = 3 };
        var (loss, accuracy, auc) = values;
        Assert.Equal((1, 2, 3), (loss, accuracy, auc));
        Assert.Contains("auc", Assert.Throws<InvalidOperationException>(() =>
        {
            var (_, _) = values;
        }).Message);
    }

    [Fact]
    public void TensorsMadeInACallback_LiveOnAfterIt()
    {
        using var model = Network();
        var (x, y) = Data();
        var predicted = new List<Tensor>();
        model.Fit(x, y, batchSize: 4, verbose: 0, callbacks: [new LambdaCallback(onTrainBatchEnd: (_, _) =>
            predicted.Add(model.Predict(x, verbose: 0)))]);
        Assert.Equal(3, predicted.Count);
        Assert.All(predicted, tensor => Assert.Equal(12, tensor.data<float>().ToArray().Length / 3));
        foreach (var tensor in predicted.Append(x).Append(y)) tensor.Dispose();
    }

    [Fact]
    public void ASequentialThatDoesNotSayWhatGoesIn_IsBuiltWhenItIsTrained()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = Data();
        using var model = new Sequential([new Dense(5, activation: "relu"), new Dense(3, activation: "softmax")]);
        model.Compile("adam", "categorical_crossentropy", metrics: "accuracy");
        Assert.Empty(model.Weights);
        Assert.Equal(2, model.Layers.Count);
        model.Fit(x, y, verbose: 0);
        Assert.Equal(4 * 5 + 5 + 5 * 3 + 3, model.CountParams());

        using var described = new Sequential([new Flatten(inputShape: (2, 2, 1)), new Dense(3)]);
        Assert.Equal(4 * 3 + 3, described.CountParams());
        using var called = new Sequential([new Dense(2)]);
        Assert.Equal([12L, 2], called.Apply(x).shape);
    }

    [Fact]
    public void Layers_TakeRanges()
    {
        using var model = Network();
        Assert.Equal(model.Layers.SkipLast(1), model.Layers[..^1]);
        Assert.Same(model.Output.Layer, model.Layers[^1]);
    }

    // The gradient of a product needs the factors as they were; where one was changed in place, autograd refuses.
    [Fact]
    public void ALayerThatChangesWhatAutogradNeeds_FailsWithAnExceptionAndNotWithTheProcess()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input(4);
        using var model = new Model(input, new InPlace().Apply(new Dense(3).Apply(input)));
        model.Compile(new SGD(0.1), "mse");
        var (x, y) = Data();
        Assert.Contains("inplace", Assert.ThrowsAny<Exception>(() => model.Fit(x, y, verbose: 0)).Message);
        Assert.All(model.Weights, weight => Assert.DoesNotContain(weight.ToArray(), float.IsNaN));
    }

    [Fact]
    public void AMonitorThatIsNotThere_IsSaidOnceAndBeforeTheFirstEpoch()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = Data();
        using var model = Network();
        var epochs = 0;
        var history = model.Fit(x, y, epochs: 3, verbose: 0, callbacks:
            [new EarlyStopping("val_acuracy"), new LambdaCallback(onEpochEnd: (_, _) => epochs++)]);
        Assert.Equal(3, epochs);
        Assert.Equal(3, history["loss"].Count);
    }

    private static (Tensor X, Tensor Y) Data() => (
        torch.arange(48, torch.ScalarType.Float32).reshape(12, 4).div_(48).DetachFromDisposeScope(),
        torch.nn.functional.one_hot(torch.arange(12) % 3, 3).to_type(torch.ScalarType.Float32).DetachFromDisposeScope());

    private static Model Network()
    {
        var input = Keras.Input(4);
        var model = new Model(input, new Dense(3, activation: "softmax", kernelInitializer: "ones").Apply(input));
        model.Compile(new Adam(0.01), "categorical_crossentropy", metrics: ["accuracy"]);
        return model;
    }

    private sealed class InPlace : Layer
    {
        public InPlace() : base(null)
        {
        }

        protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

        protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
        {
            var squared = inputs[0] * inputs[0];
            var root = squared.exp();
            var result = root * root;
            root.mul_(2);
            return result;
        }
    }
}
