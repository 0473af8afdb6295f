using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace LibraryTests;

public sealed class LossAndMetricTests
{
    [Fact]
    public void Fit_OnSparseLabels_IsFitOnOneHotOnes()
    {
        using var scope = torch.NewDisposeScope();
        History Train(Loss loss, Tensor labels)
        {
            Keras.SetRandomSeed(3);
            var input = Keras.Input(4);
            using var model = new Model(input, new Dense(3, activation: "softmax", kernelInitializer: "ones").Apply(input));
            model.Compile(new SGD(0.1f), loss, ["accuracy"]);
            return model.Fit(torch.arange(48, torch.ScalarType.Float32).reshape(12, 4) / 48, labels, batchSize: 4, epochs: 3,
                shuffle: false, verbose: 0);
        }
        var classes = torch.arange(12) % 3;
        var sparse = Train("sparse_categorical_crossentropy", classes);
        var oneHot = Train("categorical_crossentropy", torch.nn.functional.one_hot(classes, 3));
        Assert.Equal(oneHot["loss"], sparse["loss"]);
        Assert.Equal(oneHot["accuracy"], sparse["accuracy"]);
        Assert.Contains("sparse",
            Assert.Throws<ArgumentException>(() => Train("sparse_categorical_crossentropy", torch.nn.functional.one_hot(classes, 3)))
                .Message);
    }
}
