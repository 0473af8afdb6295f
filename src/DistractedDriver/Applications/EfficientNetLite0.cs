using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

public static partial class Applications
{
    /// <summary>
    /// EfficientNet-Lite0 (M. Tan, Q. Le, arXiv:1905.11946; R. Liu, 2020: without squeeze-and-excitation, with ReLU6, stem and head not
    /// scaled): sixteen blocks that each widen their input by a 1×1 convolution, filter every channel for itself, and narrow it again.
    /// It tells ImageNet's categories better than VGG16 at a fortieth of the multiplications, and its weights come with the library.
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
    /// The network. It takes images that went through <see cref="DistractedDriver.Applications.EfficientNetLite0.PreprocessInput"/>.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message shows it.</exception>
    /// <exception cref="FileNotFoundException">The weights file does not exist.</exception>
    /// <exception cref="InvalidDataException">The weights file is damaged or another network's.</exception>
    public static Model EfficientNetLite0(
        bool includeTop = true, string? weights = "imagenet", Shape? inputShape = null, string? pooling = null, int classes = 1000,
        string? classifierActivation = "softmax") =>
        DistractedDriver.Applications.EfficientNetLite0.Build(includeTop, weights, inputShape, pooling, classes, classifierActivation);
}

/// <summary>
/// What belongs to EfficientNet-Lite0 besides the network itself, which <see cref="Applications.EfficientNetLite0"/> makes.
/// </summary>
public static class EfficientNetLite0
{
    // Keras publishes no weights of it.
    private static readonly PretrainedFile Weights = new(
        "efficientnet_lite0_imagenet_f16.h5", Url: null, "7eda7e09ef325590220b4c0199e1ba31", "efficientnet_lite0_imagenet_f16.h5");

    /// <summary>Makes images what EfficientNet-Lite0's ImageNet weights expect: (x − 127) / 128.</summary>
    /// <param name="x">RGB images in 0…255, channels last: (height, width, 3) or (batch, height, width, 3). It stays the caller's.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor PreprocessInput(Tensor x) => ImageNetPreprocessing.Lite(x);

    /// <summary>The likeliest of ImageNet's classes for each image, as Keras's <c>decode_predictions</c>.</summary>
    /// <param name="predictions">What the network with its top gives: (images, 1000). It stays the caller's.</param>
    /// <param name="top">How many classes, from 1 to 1,000.</param>
    /// <returns>For each image its classes, the likeliest first.</returns>
    /// <exception cref="ArgumentException">The predictions have another shape, or <paramref name="top"/> is out of its range.</exception>
    public static IReadOnlyList<IReadOnlyList<ImageNetPrediction>> DecodePredictions(Tensor predictions, int top = 5) =>
        ImageNetClasses.Decode(predictions, top);

    internal static Model Build(
        bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes, string? classifierActivation)
    {
        var shape = Applications.CheckArguments(
            "EfficientNetLite0", includeTop, weights, inputShape, pooling, classes, defaultSize: 224, minimumSize: 32);

        var input = new InputLayer(shape).Output;

        var x = new Conv2D(32, 3, strides: 2, padding: "same", useBias: false, name: "stem_conv").Apply(input);
        x = new ReLU(6, name: "stem_activation").Apply(Normalize("stem_bn").Apply(x));

        x = Stage(x, 1, blocks: 1, kernel: 3, stride: 1, expansion: 1, filters: 16);
        x = Stage(x, 2, blocks: 2, kernel: 3, stride: 2, expansion: 6, filters: 24);
        x = Stage(x, 3, blocks: 2, kernel: 5, stride: 2, expansion: 6, filters: 40);
        x = Stage(x, 4, blocks: 3, kernel: 3, stride: 2, expansion: 6, filters: 80);
        x = Stage(x, 5, blocks: 3, kernel: 5, stride: 1, expansion: 6, filters: 112);
        x = Stage(x, 6, blocks: 4, kernel: 5, stride: 2, expansion: 6, filters: 192);
        x = Stage(x, 7, blocks: 1, kernel: 3, stride: 1, expansion: 6, filters: 320);

        x = new Conv2D(1280, 1, padding: "same", useBias: false, name: "top_conv").Apply(x);
        x = new ReLU(6, name: "top_activation").Apply(Normalize("top_bn").Apply(x));

        if (includeTop)
        {
            x = new GlobalAveragePooling2D(name: "avg_pool").Apply(x);
            x = new Dropout(0.2, name: "top_dropout").Apply(x);
            x = new Dense(classes, activation: classifierActivation, name: "predictions").Apply(x);
        }
        else
        {
            x = Applications.Pool(x, pooling, "avg_pool", "max_pool");
        }

        var model = new Model(input, x, name: "efficientnet_lite0");
        Applications.LoadWeights(model, "EfficientNetLite0", weights, Weights, byName: !includeTop);
        return model;
    }

    private static KerasTensor Stage(KerasTensor x, int number, int blocks, int kernel, int stride, int expansion, int filters)
    {
        for (var i = 0; i < blocks; i++)
            x = Block(x, kernel, i == 0 ? stride : 1, expansion, filters, $"block{number}{(char)('a' + i)}");
        return x;
    }

    private static KerasTensor Block(KerasTensor input, int kernel, int stride, int expansion, int filters, string name)
    {
        var channels = input.Shape.Channels;
        var x = input;
        if (expansion > 1)
        {
            x = new Conv2D(expansion * channels, 1, padding: "same", useBias: false, name: $"{name}_expand_conv").Apply(x);
            x = new ReLU(6, name: $"{name}_expand_activation").Apply(Normalize($"{name}_expand_bn").Apply(x));
        }

        x = new DepthwiseConv2D(kernel, strides: stride, padding: "same", useBias: false, name: $"{name}_dwconv").Apply(x);
        x = new ReLU(6, name: $"{name}_activation").Apply(Normalize($"{name}_bn").Apply(x));

        x = new Conv2D(filters, 1, padding: "same", useBias: false, name: $"{name}_project_conv").Apply(x);
        x = Normalize($"{name}_project_bn").Apply(x);

        return stride == 1 && channels == filters ? new Add(name: $"{name}_add").Apply([x, input]) : x;
    }

    private static BatchNormalization Normalize(string name) => new(momentum: 0.99, epsilon: 1e-3, name: name);
}
