using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// A convolution of each channel for itself: every input channel gets <c>depthMultiplier</c> output channels, side by side.
/// Its kernel is Keras's, height × width × input channels × multiplier.
/// </summary>
public sealed class DepthwiseConv2D : Layer
{
    internal static readonly int[] ChannelsFirst = [2, 3, 0, 1];

    private readonly Window _window;
    private readonly int _depthMultiplier;
    private readonly ActivationFunction _activation;
    private readonly Initializer _depthwiseInitializer;
    private readonly Initializer _biasInitializer;
    private readonly bool _useBias;
    private Weight? _kernel;
    private Weight? _bias;

    /// <param name="kernelSize">The window's height and width in pixels.</param>
    /// <param name="strides">How far it moves; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="depthMultiplier">How many output channels an input channel has, at least 1.</param>
    /// <param name="activation">An identifier that <see cref="Activation"/> takes, such as "relu"; null or "linear" for none.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="depthwiseInitializer">The kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="dilationRate">How far apart the pixels are that the window looks at; 1, side by side, by default.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public DepthwiseConv2D(
        Size2D kernelSize, Size2D? strides = null, string padding = "valid", int depthMultiplier = 1, string? activation = null,
            bool useBias = true,
        Initializer? depthwiseInitializer = null, Initializer? biasInitializer = null, string? name = null, Size2D? dilationRate = null)
            : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depthMultiplier, 1);
        _window = new Window(kernelSize, strides ?? 1, padding, dilationRate);
        (_depthMultiplier, _useBias, _activation) = (depthMultiplier, useBias, ActivationFunction.Get(activation));
        _depthwiseInitializer = depthwiseInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => _window.DescribeConvolution(
        new()
        {
            ["activation"] = _activation.Name,
            ["use_bias"] = _useBias,
            ["bias_initializer"] = _biasInitializer.GetConfig(),
            ["bias_regularizer"] = null,
            ["activity_regularizer"] = null,
            ["bias_constraint"] = null,
            ["depth_multiplier"] = _depthMultiplier,
            ["depthwise_initializer"] = _depthwiseInitializer.GetConfig(),
            ["depthwise_regularizer"] = null,
            ["depthwise_constraint"] = null,
        });

    internal static DepthwiseConv2D FromConfig(LayerConfig config) => new(
        config.Size("kernel_size"), config.OptionalSize("strides"), config.TextOr("padding", "valid"),
            config.Integer("depth_multiplier", 1),
            config.TextOr("activation", "linear"), config.Flag("use_bias", true),
        config.Initializer("depthwise_initializer"), config.Initializer("bias_initializer"), config.Name,
            config.OptionalSize("dilation_rate"));

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs, _kernel?.Shape[2]);
        return _window.Output(input, input.Channels * _depthMultiplier, $"DepthwiseConv2D '{Name}'");
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        var channels = inputs[0].Channels;
        _kernel = AddWeight("depthwise_kernel", new[] { _window.Size.Height, _window.Size.Width, channels, _depthMultiplier },
            _depthwiseInitializer, ChannelsFirst);
        if (_useBias) _bias = AddWeight("bias", channels * _depthMultiplier, _biasInitializer);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        _activation.Call(_window.Convolve(inputs[0], Value(_kernel!).flatten(0, 1).unsqueeze(1), Value(_bias), groups: inputs[0].shape[3]),
            context);
}
