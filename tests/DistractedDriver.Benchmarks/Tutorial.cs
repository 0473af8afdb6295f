using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;

namespace Benchmarks;

/// <summary>What the tutorial trains: a head of ten classes on VGG16's frozen convolutions.</summary>
internal sealed class Tutorial : IDisposable
{
    private readonly Model _vgg16;

    /// <param name="images">A folder with the folders train and val, of one folder a class.</param>
    public Tutorial(string images)
    {
        _vgg16 = Applications.VGG16(includeTop: false, weights: "imagenet", inputShape: (224, 224, 3));
        foreach (var layer in _vgg16.Layers) layer.Trainable = false;
        Model = new Model(_vgg16.Input, new Dense(10, "sigmoid").Apply(new Flatten().Apply(_vgg16.Output)));
        Model.Compile(new Adam(0.01f), "binary_crossentropy", ["accuracy"]);
        var generator = new ImageDataGenerator(rescale: 1f / 255);
        Train = generator.FlowFromDirectory(Path.Combine(images, "train"), targetSize: (224, 224), batchSize: 16, seed: 1);
        Val = generator.FlowFromDirectory(Path.Combine(images, "val"), targetSize: (224, 224), batchSize: 16, shuffle: false);
    }

    public Model Model { get; }

    public DirectoryIterator Train { get; }

    public DirectoryIterator Val { get; }

    public void Dispose()
    {
        Model.Dispose();
        _vgg16.Dispose();
    }
}
