using System.Globalization;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

public static partial class Applications
{
    /// <summary>
    /// MobileNetV2 (M. Sandler et al., arXiv:1801.04381): seventeen blocks that each widen their input by a 1×1
    /// convolution, filter every channel for itself, and narrow it again, with a short cut between the narrow ends.
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
    /// <param name="alpha">
    /// Its width, above 0: what the channels of every layer are multiplied by. Keras has ImageNet's weights for 0.35, 0.5, 0.75, 1, 1.3
    /// and 1.4.
    /// </param>
    /// <returns>
    /// The network. It takes images that went through <see cref="DistractedDriver.Applications.MobileNetV2.PreprocessInput"/>.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message shows it.</exception>
    /// <exception cref="FileNotFoundException">
    /// The weights file does not exist, or the official one is neither cached nor to be had.
    /// </exception>
    /// <exception cref="InvalidDataException">The weights file is damaged or another network's.</exception>
    public static Model MobileNetV2(
        bool includeTop = true, string? weights = "imagenet", Shape? inputShape = null, string? pooling = null, int classes = 1000,
        string? classifierActivation = "softmax", double alpha = 1) =>
        DistractedDriver.Applications.MobileNetV2.Build(includeTop, weights, inputShape, pooling, classes, classifierActivation, alpha);
}

/// <summary>What belongs to MobileNetV2 besides the network itself, which <see cref="Applications.MobileNetV2"/> makes.</summary>
public static class MobileNetV2
{
    private const string Folder = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/";

    private static readonly double[] TrainedWidths = [0.35, 0.5, 0.75, 1, 1.3, 1.4];

    private static readonly int[] TrainedSizes = [96, 128, 160, 192, 224];

    /// <summary>Makes images what MobileNetV2's ImageNet weights expect: values from −1 to 1.</summary>
    /// <param name="x">RGB images in 0…255, channels last: (height, width, 3) or (batch, height, width, 3). It stays the caller's.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor PreprocessInput(Tensor x) => ImageNetPreprocessing.TensorFlow(x);

    /// <summary>The likeliest of ImageNet's classes for each image, as Keras's <c>decode_predictions</c>.</summary>
    /// <param name="predictions">What the network with its top gives: (images, 1000). It stays the caller's.</param>
    /// <param name="top">How many classes, from 1 to 1,000.</param>
    /// <returns>For each image its classes, the likeliest first.</returns>
    /// <exception cref="ArgumentException">The predictions have another shape, or <paramref name="top"/> is out of its range.</exception>
    public static IReadOnlyList<IReadOnlyList<ImageNetPrediction>> DecodePredictions(Tensor predictions, int top = 5) =>
        ImageNetClasses.Decode(predictions, top);

    internal static Model Build(
        bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes, string? classifierActivation, double alpha)
    {
        var shape = Applications.CheckArguments(
            "MobileNetV2", includeTop, weights, inputShape, pooling, classes, defaultSize: 224, minimumSize: 32);
        if (!(alpha > 0)) throw new ArgumentOutOfRangeException(nameof(alpha), $"The width of MobileNetV2 is above 0. Received: {alpha}.");
        if (weights == "imagenet" && !TrainedWidths.Contains(alpha))
            throw new ArgumentException(
                $"There are ImageNet weights of MobileNetV2 for the widths {string.Join(", ", TrainedWidths)}. Received: alpha: {alpha}. "
                    + "Use one of these, or weights: null.", nameof(alpha));
        int Channels(int atWidthOne) => Rounded((int)(atWidthOne * alpha));

        var input = new InputLayer(shape).Output;

        var x = new Conv2D(Rounded(32 * alpha), 3, strides: 2, padding: "same", useBias: false, name: "Conv1").Apply(input);
        x = Normalize("bn_Conv1").Apply(x);
        x = new ReLU(6, name: "Conv1_relu").Apply(x);

        x = Block(x, Channels(16), stride: 1, expansion: 1, "expanded_conv");

        x = Block(x, Channels(24), stride: 2, expansion: 6, "block_1");
        x = Block(x, Channels(24), stride: 1, expansion: 6, "block_2");

        x = Block(x, Channels(32), stride: 2, expansion: 6, "block_3");
        x = Block(x, Channels(32), stride: 1, expansion: 6, "block_4");
        x = Block(x, Channels(32), stride: 1, expansion: 6, "block_5");

        x = Block(x, Channels(64), stride: 2, expansion: 6, "block_6");
        x = Block(x, Channels(64), stride: 1, expansion: 6, "block_7");
        x = Block(x, Channels(64), stride: 1, expansion: 6, "block_8");
        x = Block(x, Channels(64), stride: 1, expansion: 6, "block_9");

        x = Block(x, Channels(96), stride: 1, expansion: 6, "block_10");
        x = Block(x, Channels(96), stride: 1, expansion: 6, "block_11");
        x = Block(x, Channels(96), stride: 1, expansion: 6, "block_12");

        x = Block(x, Channels(160), stride: 2, expansion: 6, "block_13");
        x = Block(x, Channels(160), stride: 1, expansion: 6, "block_14");
        x = Block(x, Channels(160), stride: 1, expansion: 6, "block_15");

        x = Block(x, Channels(320), stride: 1, expansion: 6, "block_16");

        // The last one grows with the width and does not shrink.
        x = new Conv2D(alpha > 1 ? Rounded(1280 * alpha) : 1280, 1, useBias: false, name: "Conv_1").Apply(x);
        x = Normalize("Conv_1_bn").Apply(x);
        x = new ReLU(6, name: "out_relu").Apply(x);

        if (includeTop)
        {
            x = new GlobalAveragePooling2D().Apply(x);
            x = new Dense(classes, activation: classifierActivation, name: "predictions").Apply(x);
        }
        else
        {
            x = Applications.Pool(x, pooling);
        }

        // Keras has weights for some square sizes, takes those for 224×224 pixels for any other, and calls the model by that size;
        // without ImageNet's weights by its height.
        var known = shape[0] == shape[1] && shape[0] is { } side && TrainedSizes.Contains(side);
        var size = weights == "imagenet" && !known ? "224" : shape[0]?.ToString(CultureInfo.InvariantCulture) ?? "None";
        var model = new Model(input, x, name: $"mobilenetv2_{alpha.ToString("F2", CultureInfo.InvariantCulture)}_{size}");
        var file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_"
            + $"{alpha.ToString("0.0#", CultureInfo.InvariantCulture)}_{size}{(includeTop ? "" : "_no_top")}.h5";
        Applications.LoadWeights(model, "MobileNetV2", weights, new PretrainedFile(file, Folder + file, Md5: null, BundledCopy: null));
        return model;
    }

    // To a multiple of 8, and not below nine tenths of what is wanted.
    private static int Rounded(double channels)
    {
        var rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    private static KerasTensor Block(KerasTensor input, int filters, int stride, int expansion, string name)
    {
        var channels = input.Shape.Channels;
        var x = input;
        if (expansion > 1)
        {
            x = new Conv2D(expansion * channels, 1, useBias: false, name: $"{name}_expand").Apply(x);
            x = Normalize($"{name}_expand_BN").Apply(x);
            x = new ReLU(6, name: $"{name}_expand_relu").Apply(x);
        }

        if (stride == 2) x = new ZeroPadding2D((((x.Shape[1] ?? 0) % 2, 1), ((x.Shape[2] ?? 0) % 2, 1)), name: $"{name}_pad").Apply(x);
        x = new DepthwiseConv2D(3, strides: stride, padding: stride == 1 ? "same" : "valid", useBias: false, name: $"{name}_depthwise")
            .Apply(x);
        x = Normalize($"{name}_depthwise_BN").Apply(x);
        x = new ReLU(6, name: $"{name}_depthwise_relu").Apply(x);

        x = new Conv2D(filters, 1, useBias: false, name: $"{name}_project").Apply(x);
        x = Normalize($"{name}_project_BN").Apply(x);

        return stride == 1 && channels == filters ? new Add(name: $"{name}_add").Apply([input, x]) : x;
    }

    private static BatchNormalization Normalize(string name) => new(momentum: 0.999, epsilon: 1e-3, name: name);
}
