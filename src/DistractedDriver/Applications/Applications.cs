using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Saving;

namespace DistractedDriver.Applications;

// Applications: networks that others trained, one file each, written out layer by layer, and where their weights come
// from. They are made of Layers and Models and know nothing of training.

/// <summary>Networks trained on ImageNet, by Keras's names: <c>Applications.VGG16(includeTop: false)</c>.</summary>
public static partial class Applications
{
    /// <summary>Checks the arguments that all applications share and gives the input's shape.</summary>
    internal static Shape CheckArguments(
        string network, bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes, int defaultSize, int minimumSize)
    {
        if (weights is not (null or "imagenet") && !File.Exists(weights))
            throw new FileNotFoundException(
                $"The weights of {network} are \"imagenet\", null (random) or the path of a file that exists. Received: \"{weights}\".",
                    weights);
        if (pooling is not (null or "avg" or "max"))
            throw new ArgumentException($"The pooling of {network} is null, \"avg\" or \"max\". Received: \"{pooling}\".", nameof(pooling));
        if (includeTop && weights == "imagenet" && classes != 1000)
            throw new ArgumentException(
                $"With its top and ImageNet's weights {network} tells 1,000 categories apart. Received: classes: {classes}. "
                    + "Use includeTop: false and a head of your own, or weights: null.", nameof(classes));
        Shape trained = (defaultSize, defaultSize, 3);
        var shape = inputShape ?? (includeTop ? trained : new Shape(null, null, 3));
        if (shape.Count != 3 || shape[2] is null)
            throw new ArgumentException($"The input of {network} is (height, width, channels). Received: {shape}.", nameof(inputShape));
        if (weights == "imagenet" && shape[2] != 3)
            throw new ArgumentException(
                $"With ImageNet's weights the input of {network} has 3 channels. Received: {shape}.", nameof(inputShape));
        if (shape[0] < minimumSize || shape[1] < minimumSize)
            throw new ArgumentException(
                $"The input of {network} is at least {minimumSize}×{minimumSize} pixels. Received: {shape}.", nameof(inputShape));
        if (includeTop && weights == "imagenet" && !shape.Equals(trained))
            throw new ArgumentException(
                $"With its top and ImageNet's weights {network} takes {trained} only. Received: {shape}. "
                    + "Use includeTop: false for another size.", nameof(inputShape));
        if (includeTop && shape.Any(size => size is null))
            throw new ArgumentException($"With its top {network} takes images of one size. Received: {shape}.", nameof(inputShape));
        return shape;
    }

    /// <summary>The end of a network without its top: images, or one value a channel.</summary>
    internal static KerasTensor Pool(KerasTensor x, string? pooling, string? averageName = null, string? maximumName = null) =>
        pooling switch
        {
            "avg" => new GlobalAveragePooling2D(name: averageName).Apply(x),
            "max" => new GlobalMaxPooling2D(name: maximumName).Apply(x),
            _ => x,
        };

    /// <param name="model">The network.</param>
    /// <param name="network">What it is called.</param>
    /// <param name="weights">"imagenet", null for none, or a file.</param>
    /// <param name="official">ImageNet's weights.</param>
    /// <param name="byName">Whether these are of the network with its top, which is to be left aside.</param>
    internal static void LoadWeights(Model model, string network, string? weights, PretrainedFile official, bool byName = false)
    {
        if (weights is null) return;
        if (weights != "imagenet") ModelFile.LoadWeights(model, weights);
        else ModelFile.LoadWeights(
            model, PretrainedWeights.Default.Resolve(network, official, file => ModelFile.CheckWeights(model, file)), byName);
    }
}
