using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

public static partial class Applications
{
    /// <summary>
    /// VGG16 (K. Simonyan, A. Zisserman, arXiv:1409.1556, configuration D): thirteen 3×3 convolutions in five blocks, each
    /// block ended by a pooling that halves height and width, and, with its top, three dense layers that tell ImageNet's
    /// 1,000 categories apart.
    /// </summary>
    /// <param name="includeTop">Whether the three dense layers at the end are wanted.</param>
    /// <param name="weights">"imagenet", null for random ones, or the path of a Keras weights file.</param>
    /// <param name="inputShape">
    /// Height, width, channels, at least 32×32; channels other than 3 without ImageNet's weights only. By default (224, 224, 3) with the
    /// top, where "imagenet" takes only that, and images of any size, (None, None, 3), without it.
    /// </param>
    /// <param name="pooling">Without the top: null to end in images, "avg" or "max" to end in one value a channel.</param>
    /// <param name="classes">With the top: how many categories; 1,000 for "imagenet".</param>
    /// <param name="classifierActivation">With the top: the last layer's activation.</param>
    /// <returns>The network. It takes images that went through <see cref="DistractedDriver.Applications.VGG16.PreprocessInput"/>.</returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message shows it.</exception>
    /// <exception cref="FileNotFoundException">
    /// The weights file does not exist, or the official one is neither cached nor to be had.
    /// </exception>
    /// <exception cref="InvalidDataException">The weights file is damaged or another network's.</exception>
    public static Model VGG16(
        bool includeTop = true, string? weights = "imagenet", Shape? inputShape = null, string? pooling = null, int classes = 1000,
        string? classifierActivation = "softmax") =>
        DistractedDriver.Applications.VGG16.Build(includeTop, weights, inputShape, pooling, classes, classifierActivation);
}

/// <summary>What belongs to VGG16 besides the network itself, which <see cref="Applications.VGG16"/> makes.</summary>
public static class VGG16
{
    private const string Folder = "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/";

    private static readonly PretrainedFile Top = new(
        "vgg16_weights_tf_dim_ordering_tf_kernels.h5", Folder + "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
            "64373286793e3c8b2b4e3219cbf3544b", null);

    private static readonly PretrainedFile NoTop = new(
        "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", Folder + "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
            "6d6bbae143d832006294945121d1f1fc",
        "vgg16_imagenet_notop_f16.h5");

    /// <summary>
    /// Makes images what VGG16's ImageNet weights expect: the channels in the order blue, green, red, and ImageNet's mean
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

    /// <summary>Whether Keras's own file of the convolutions' weights is on this machine.</summary>
    internal static bool HasOfficialWeights => PretrainedWeights.Default.Has(NoTop);

    /// <summary>What is wrong with it, as the end of a sentence; null for nothing, or where there is none.</summary>
    internal static string? OfficialWeightsProblem => PretrainedWeights.Default.Problem(NoTop, _ => { });

    internal static Model Build(bool includeTop, string? weights, Shape? inputShape, string? pooling, int classes,
        string? classifierActivation)
    {
        var shape = Applications.CheckArguments("VGG16", includeTop, weights, inputShape, pooling, classes, defaultSize: 224,
            minimumSize: 32);

        var input = new InputLayer(shape).Output;

        var x = Conv(64, "block1_conv1").Apply(input);
        x = Conv(64, "block1_conv2").Apply(x);
        x = Pool("block1_pool").Apply(x);

        x = Conv(128, "block2_conv1").Apply(x);
        x = Conv(128, "block2_conv2").Apply(x);
        x = Pool("block2_pool").Apply(x);

        x = Conv(256, "block3_conv1").Apply(x);
        x = Conv(256, "block3_conv2").Apply(x);
        x = Conv(256, "block3_conv3").Apply(x);
        x = Pool("block3_pool").Apply(x);

        x = Conv(512, "block4_conv1").Apply(x);
        x = Conv(512, "block4_conv2").Apply(x);
        x = Conv(512, "block4_conv3").Apply(x);
        x = Pool("block4_pool").Apply(x);

        x = Conv(512, "block5_conv1").Apply(x);
        x = Conv(512, "block5_conv2").Apply(x);
        x = Conv(512, "block5_conv3").Apply(x);
        x = Pool("block5_pool").Apply(x);

        if (includeTop)
        {
            x = new Flatten("flatten").Apply(x);
            x = new Dense(4096, activation: "relu", name: "fc1").Apply(x);
            x = new Dense(4096, activation: "relu", name: "fc2").Apply(x);
            x = new Dense(classes, activation: classifierActivation, name: "predictions").Apply(x);
        }
        else
        {
            x = Applications.Pool(x, pooling);
        }

        var model = new Model(input, x, name: "vgg16");
        Applications.LoadWeights(model, "VGG16", weights, includeTop ? Top : NoTop);
        return model;
    }

    private static Conv2D Conv(int filters, string name) => new(filters, 3, padding: "same", activation: "relu", name: name);

    private static MaxPooling2D Pool(string name) => new(2, strides: 2, name: name);
}
