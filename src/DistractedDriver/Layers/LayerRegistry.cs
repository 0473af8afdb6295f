using System.Text.Json.Nodes;
using DistractedDriver.Core;

namespace DistractedDriver.Layers;

/// <summary>The layers by Keras's class names, as files name them.</summary>
internal static class LayerRegistry
{
    private static readonly Dictionary<string, Func<LayerConfig, Layer>> Known = new()
    {
        [nameof(Activation)] = Activation.FromConfig,
        [nameof(Add)] = Add.FromConfig,
        [nameof(Average)] = Average.FromConfig,
        [nameof(AveragePooling2D)] = AveragePooling2D.FromConfig,
        [nameof(BatchNormalization)] = BatchNormalization.FromConfig,
        [nameof(CenterCrop)] = CenterCrop.FromConfig,
        [nameof(Concatenate)] = Concatenate.FromConfig,
        [nameof(Conv2D)] = Conv2D.FromConfig,
        [nameof(Conv2DTranspose)] = Conv2DTranspose.FromConfig,
        [nameof(Cropping2D)] = Cropping2D.FromConfig,
        [nameof(Dense)] = Dense.FromConfig,
        [nameof(DepthwiseConv2D)] = DepthwiseConv2D.FromConfig,
        [nameof(Dropout)] = Dropout.FromConfig,
        [nameof(ELU)] = ELU.FromConfig,
        [nameof(Flatten)] = Flatten.FromConfig,
        [nameof(GlobalAveragePooling2D)] = GlobalAveragePooling2D.FromConfig,
        [nameof(GlobalMaxPooling2D)] = GlobalMaxPooling2D.FromConfig,
        [nameof(InputLayer)] = InputLayer.FromConfig,
        [nameof(LayerNormalization)] = LayerNormalization.FromConfig,
        [nameof(LeakyReLU)] = LeakyReLU.FromConfig,
        [nameof(MaxPooling2D)] = MaxPooling2D.FromConfig,
        [nameof(Maximum)] = Maximum.FromConfig,
        [nameof(Minimum)] = Minimum.FromConfig,
        [nameof(Multiply)] = Multiply.FromConfig,
        [nameof(Normalization)] = Normalization.FromConfig,
        [nameof(PReLU)] = PReLU.FromConfig,
        [nameof(Permute)] = Permute.FromConfig,
        [nameof(ReLU)] = ReLU.FromConfig,
        [nameof(Rescaling)] = Rescaling.FromConfig,
        [nameof(Reshape)] = Reshape.FromConfig,
        [nameof(Resizing)] = Resizing.FromConfig,
        [nameof(SeparableConv2D)] = SeparableConv2D.FromConfig,
        [nameof(Softmax)] = Softmax.FromConfig,
        [nameof(SpatialDropout2D)] = SpatialDropout2D.FromConfig,
        [nameof(Subtract)] = Subtract.FromConfig,
        [nameof(UpSampling2D)] = UpSampling2D.FromConfig,
        [nameof(ZeroPadding2D)] = ZeroPadding2D.FromConfig,
    };

    /// <summary>Makes a layer from its class and arguments; it has no weights yet.</summary>
    /// <param name="className">The class: "Dense".</param>
    /// <param name="arguments">The arguments, by Keras's names.</param>
    /// <param name="customObjects">Makers of further classes, which come first.</param>
    /// <exception cref="ArgumentException">There is no such layer, or it has not that argument; the message names it.</exception>
    public static Layer Make(string className, JsonObject arguments, IReadOnlyDictionary<string, Func<LayerConfig, Layer>>? customObjects)
    {
        if (customObjects is null || !customObjects.TryGetValue(className, out var make))
        {
            if (!Known.TryGetValue(className, out make))
                throw new ArgumentException(
                    $"there is no layer {className} in this library; it has {string.Join(", ", Known.Keys.Order())}. Give one of your own "
                        + "by customObjects");
        }
        var config = new LayerConfig(className, arguments);
        var layer = make(config);
        config.RefuseUnread();
        // Keras 2 writes a name, Keras 3 and mixed policies an object that has one.
        if (arguments["dtype"] is { } dtype) layer.Policy = Policy.Get(
            (string)(dtype is JsonObject policy ? policy["config"]!["name"] : dtype)!);
        layer.Trainable = (bool?)arguments["trainable"] ?? true;
        return layer;
    }
}
