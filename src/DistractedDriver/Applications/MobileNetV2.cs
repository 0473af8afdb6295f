using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

public static partial class Applications
{
    /// <summary>
    /// MobileNetV2 of width 1 (M. Sandler et al., arXiv:1801.04381): seventeen blocks that each widen their input by a 1×1
    /// convolution, filter every channel for itself, and narrow it again, with a short cut between the narrow ends.
    /// </summary>
    /// <param name="includeTop">Whether the dense layer at the end is wanted.</param>
    /// <param name="weights">"imagenet", null for random ones, or the path of a Keras weights file.</param>
    /// <param name="inputShape">
    /// Height, width, 3; by default (224, 224, 3), and with the top and "imagenet" only that. At least 32×32.
    /// </param>
    /// <param name="pooling">Without the top: null to end in images, "avg" or "max" to end in one value a channel.</param>
    /// <param name="classes">With the top: how many categories; 1,000 for "imagenet".</param>
    /// <param name="classifierActivation">With the top: the last layer's activation.</param>
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
        string? classifierActivation = "softmax") =>
        DistractedDriver.Applications.MobileNetV2.Build(includeTop, weights, inputShape, pooling, classes, classifierActivation);
}

/// <summary>What belongs to MobileNetV2 besides the network itself, which <see cref="Applications.MobileNetV2"/> makes.</summary>
public static class MobileNetV2
{
    private const string Folder = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/";

    private static readonly int[] TrainedSizes = [96, 128, 160, 192, 224];

    /// <summary>Makes images what MobileNetV2's ImageNet weights expect: values from −1 to 1.</summary>
    /// <param name="x">RGB images in 0…255, channels last: (height, width, 3) or (batch, height, width, 3). It stays the caller's.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor PreprocessInput(Tensor x) => ImageNetPreprocessing.TensorFlow(x);

    internal static Model Build(bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes,
        string? classifierActivation)
    {
        var shape = Applications.CheckArguments("MobileNetV2", includeTop, weights, inputShape, pooling, classes, defaultSize: 224,
            minimumSize: 32);

        var input = new InputLayer(shape).Output;

        var x = new Conv2D(32, 3, strides: 2, padding: "same", useBias: false, name: "Conv1").Apply(input);
        x = Normalize("bn_Conv1").Apply(x);
        x = new ReLU(6, name: "Conv1_relu").Apply(x);

        x = Block(x, 16, stride: 1, expansion: 1, "expanded_conv");

        x = Block(x, 24, stride: 2, expansion: 6, "block_1");
        x = Block(x, 24, stride: 1, expansion: 6, "block_2");

        x = Block(x, 32, stride: 2, expansion: 6, "block_3");
        x = Block(x, 32, stride: 1, expansion: 6, "block_4");
        x = Block(x, 32, stride: 1, expansion: 6, "block_5");

        x = Block(x, 64, stride: 2, expansion: 6, "block_6");
        x = Block(x, 64, stride: 1, expansion: 6, "block_7");
        x = Block(x, 64, stride: 1, expansion: 6, "block_8");
        x = Block(x, 64, stride: 1, expansion: 6, "block_9");

        x = Block(x, 96, stride: 1, expansion: 6, "block_10");
        x = Block(x, 96, stride: 1, expansion: 6, "block_11");
        x = Block(x, 96, stride: 1, expansion: 6, "block_12");

        x = Block(x, 160, stride: 2, expansion: 6, "block_13");
        x = Block(x, 160, stride: 1, expansion: 6, "block_14");
        x = Block(x, 160, stride: 1, expansion: 6, "block_15");

        x = Block(x, 320, stride: 1, expansion: 6, "block_16");

        x = new Conv2D(1280, 1, useBias: false, name: "Conv_1").Apply(x);
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

        // Keras has weights for some square sizes, and takes those for 224×224 pixels for any other.
        var size = shape[0] == shape[1] && TrainedSizes.Contains(shape[0]!.Value) ? shape[0]!.Value : 224;
        var model = new Model(input, x, name: $"mobilenetv2_1.00_{size}");
        var file = $"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_{size}{(includeTop ? "" : "_no_top")}.h5";
        Applications.LoadWeights(model, "MobileNetV2", weights, new PretrainedFile(file, Folder + file, Md5: null, BundledCopy: null));
        return model;
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

        if (stride == 2) x = new ZeroPadding2D(((x.Shape[1]!.Value % 2, 1), (x.Shape[2]!.Value % 2, 1)), name: $"{name}_pad").Apply(x);
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
