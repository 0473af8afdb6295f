using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using Goldens;

namespace LibraryTests;

public sealed class AugmentationTests
{
    [Fact]
    public void Arguments_OutOfRange_AreNamed()
    {
        Assert.Contains("reflect", Assert.Throws<ArgumentException>(() => new ImageDataGenerator(fillMode: "mirror")).Message);
        Assert.Contains("validationSplit",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator(validationSplit: 1)).Message);
        Assert.Contains("validationSplit",
            Assert.Throws<ArgumentException>(() =>
                new ImageDataGenerator().FlowFromDirectory(Golden.PathOf("imgs/val"), subset: "training")).Message);
    }

    [Fact]
    public void Fit_OnAugmentedImages_ComputesThemAnewEachEpoch()
    {
        // A network that gives back its input's mean: with features kept, both epochs would see the same images.
        var input = Keras.Input((8, 8, 3));
        using var model = new Model(input,
            new Dense(10, activation: "softmax", name: "head").Apply(new Flatten().Apply(new GlobalAveragePooling2D().Apply(input))));
        model.Compile(new SGD(1e-9f), "categorical_crossentropy");
        var flow = new ImageDataGenerator(rescale: 1f / 255, brightnessRange: (0.1, 0.9))
            .FlowFromDirectory(Golden.PathOf("imgs/val"), targetSize: (8, 8), seed: 4);
        var history = model.Fit(flow, epochs: 2, verbose: 0);
        Assert.True(Math.Abs(history["loss"][0] - history["loss"][1]) > 1e-5);
    }
}
