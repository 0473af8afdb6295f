using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

public static partial class Applications
{
    /// <summary>
    /// ResNet50 (K. He et al., arXiv:1512.03385): a 7×7 convolution, then four stacks of 3, 4, 6 and 3 blocks. A block is three
    /// convolutions beside a short cut, and their sum.
    /// </summary>
    /// <param name="includeTop">Whether the dense layer at the end is wanted.</param>
    /// <param name="weights">"imagenet", null for random ones, or the path of a Keras weights file.</param>
    /// <param name="inputShape">
    /// Height, width, channels, at least 32×32; channels other than 3 without ImageNet's weights only. By default (224, 224, 3) with the
    /// top, where "imagenet" takes only that, and images of any size, (None, None, 3), without it.
    /// </param>
    /// <param name="pooling">Without the top: null to end in images, "avg" or "max" to end in one value a channel.</param>
    /// <param name="classes">With the top: how many categories; 1,000 for "imagenet".</param>
    /// <param name="classifierActivation">With the top: the last layer's activation.</param>
    /// <returns>
    /// The network. It takes images that went through <see cref="DistractedDriver.Applications.ResNet50.PreprocessInput"/>.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message shows it.</exception>
    /// <exception cref="FileNotFoundException">
    /// The weights file does not exist, or the official one is neither cached nor to be had.
    /// </exception>
    /// <exception cref="InvalidDataException">The weights file is damaged or another network's.</exception>
    public static Model ResNet50(
        bool includeTop = true, string? weights = "imagenet", Shape? inputShape = null, string? pooling = null, int classes = 1000,
        string? classifierActivation = "softmax") =>
        DistractedDriver.Applications.ResNet50.Build(includeTop, weights, inputShape, pooling, classes, classifierActivation);
}

/// <summary>What belongs to ResNet50 besides the network itself, which <see cref="Applications.ResNet50"/> makes.</summary>
public static class ResNet50
{
    private const string Folder = "https://storage.googleapis.com/tensorflow/keras-applications/resnet/";

    private static readonly PretrainedFile Top = new(
        "resnet50_weights_tf_dim_ordering_tf_kernels.h5", Folder + "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
            "2cb95161c43110f7111970584f804107", null);

    private static readonly PretrainedFile NoTop = new(
        "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5", Folder + "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
            "4d473c1dd8becc155b73f8504c6f6626", null);

    /// <summary>
    /// Makes images what ResNet50's ImageNet weights expect: the channels in the order blue, green, red, and ImageNet's mean
    /// colour (103.939, 116.779, 123.68) taken off. The values stay in the scale 0…255.
    /// </summary>
    /// <param name="x">RGB images in 0…255, channels last: (height, width, 3) or (batch, height, width, 3). It stays the caller's.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor PreprocessInput(Tensor x) => ImageNetPreprocessing.Caffe(x);

    /// <summary>The likeliest of ImageNet's classes for each image, as Keras's <c>decode_predictions</c>.</summary>
    /// <param name="predictions">What the network with its top gives: (images, 1000). It stays the caller's.</param>
    /// <param name="top">How many classes, from 1 to 1,000.</param>
    /// <returns>For each image its classes, the likeliest first.</returns>
    /// <exception cref="ArgumentException">The predictions have another shape, or <paramref name="top"/> is out of its range.</exception>
    public static IReadOnlyList<IReadOnlyList<ImageNetPrediction>> DecodePredictions(Tensor predictions, int top = 5) =>
        ImageNetClasses.Decode(predictions, top);

    internal static Model Build(bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes,
        string? classifierActivation)
    {
        var shape = Applications.CheckArguments("ResNet50", includeTop, weights, inputShape, pooling, classes, defaultSize: 224,
            minimumSize: 32);

        var input = new InputLayer(shape).Output;

        var x = new ZeroPadding2D(3, name: "conv1_pad").Apply(input);
        x = new Conv2D(64, 7, strides: 2, name: "conv1_conv").Apply(x);
        x = Normalize("conv1_bn").Apply(x);
        x = new Activation("relu", name: "conv1_relu").Apply(x);

        x = new ZeroPadding2D(1, name: "pool1_pad").Apply(x);
        x = new MaxPooling2D(3, strides: 2, name: "pool1_pool").Apply(x);

        x = Stack(x, 64, blocks: 3, stride: 1, "conv2");
        x = Stack(x, 128, blocks: 4, stride: 2, "conv3");
        x = Stack(x, 256, blocks: 6, stride: 2, "conv4");
        x = Stack(x, 512, blocks: 3, stride: 2, "conv5");

        if (includeTop)
        {
            x = new GlobalAveragePooling2D(name: "avg_pool").Apply(x);
            x = new Dense(classes, activation: classifierActivation, name: "predictions").Apply(x);
        }
        else
        {
            x = Applications.Pool(x, pooling, "avg_pool", "max_pool");
        }

        var model = new Model(input, x, name: "resnet50");
        Applications.LoadWeights(model, "ResNet50", weights, includeTop ? Top : NoTop);
        return model;
    }

    // Only a stack's first block changes the size, so only its short cut needs a convolution.
    private static KerasTensor Stack(KerasTensor x, int filters, int blocks, int stride, string name)
    {
        x = Block(x, filters, stride, convolveShortcut: true, $"{name}_block1");
        for (var i = 2; i <= blocks; i++) x = Block(x, filters, 1, convolveShortcut: false, $"{name}_block{i}");
        return x;
    }

    private static KerasTensor Block(KerasTensor input, int filters, int stride, bool convolveShortcut, string name)
    {
        var shortcut = convolveShortcut
            ? Normalize($"{name}_0_bn").Apply(new Conv2D(4 * filters, 1, strides: stride, name: $"{name}_0_conv").Apply(input))
            : input;

        var x = new Conv2D(filters, 1, strides: stride, name: $"{name}_1_conv").Apply(input);
        x = Normalize($"{name}_1_bn").Apply(x);
        x = new Activation("relu", name: $"{name}_1_relu").Apply(x);

        x = new Conv2D(filters, 3, padding: "same", name: $"{name}_2_conv").Apply(x);
        x = Normalize($"{name}_2_bn").Apply(x);
        x = new Activation("relu", name: $"{name}_2_relu").Apply(x);

        x = new Conv2D(4 * filters, 1, name: $"{name}_3_conv").Apply(x);
        x = Normalize($"{name}_3_bn").Apply(x);

        x = new Add(name: $"{name}_add").Apply([shortcut, x]);
        return new Activation("relu", name: $"{name}_out").Apply(x);
    }

    private static BatchNormalization Normalize(string name) => new(epsilon: 1.001e-5, name: name);
}
