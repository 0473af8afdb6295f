using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// A convolution in two steps (F. Chollet, arXiv:1610.02357): each channel for itself, then a 1×1 convolution that mixes the
/// channels into filters.
/// </summary>
public sealed class SeparableConv2D : Layer
{
    private readonly Window _window;
    private readonly int _depthMultiplier;
    private readonly ActivationFunction _activation;
    private readonly bool _useBias;
    private readonly Initializer _depthwiseInitializer;
    private readonly Initializer _pointwiseInitializer;
    private readonly Initializer _biasInitializer;
    private Weight? _depthwise;
    private Weight? _pointwise;
    private Weight? _bias;

    /// <param name="filters">How many output channels, at least 1.</param>
    /// <param name="kernelSize">The window's height and width in pixels.</param>
    /// <param name="strides">How far it moves; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="depthMultiplier">How many channels the first step makes of each, at least 1.</param>
    /// <param name="activation">An identifier that <see cref="Activation"/> takes, such as "relu"; null or "linear" for none.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="depthwiseInitializer">The first kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="pointwiseInitializer">The second kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="dilationRate">How far apart the pixels are that the window looks at; 1, side by side, by default.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public SeparableConv2D(
        int filters, Size2D kernelSize, Size2D? strides = null, string padding = "valid", int depthMultiplier = 1,
            string? activation = null, bool useBias = true,
        Initializer? depthwiseInitializer = null, Initializer? pointwiseInitializer = null, Initializer? biasInitializer = null,
            string? name = null, Size2D? dilationRate = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depthMultiplier, 1);
        _window = new Window(kernelSize, strides ?? 1, padding, dilationRate);
        (Filters, _depthMultiplier, _useBias, _activation) = (filters, depthMultiplier, useBias, ActivationFunction.Get(activation));
        _depthwiseInitializer = depthwiseInitializer ?? "glorot_uniform";
        _pointwiseInitializer = pointwiseInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
    }

    /// <summary>How many output channels.</summary>
    public int Filters { get; }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => _window.DescribeConvolution(
        new()
        {
            ["filters"] = Filters,
            ["activation"] = _activation.Name,
            ["use_bias"] = _useBias,
            ["bias_initializer"] = _biasInitializer.GetConfig(),
            ["bias_regularizer"] = null,
            ["activity_regularizer"] = null,
            ["bias_constraint"] = null,
            ["depth_multiplier"] = _depthMultiplier,
            ["depthwise_initializer"] = _depthwiseInitializer.GetConfig(),
            ["pointwise_initializer"] = _pointwiseInitializer.GetConfig(),
            ["depthwise_regularizer"] = null,
            ["pointwise_regularizer"] = null,
            ["depthwise_constraint"] = null,
            ["pointwise_constraint"] = null,
        });

    internal static SeparableConv2D FromConfig(LayerConfig config)
    {
        // Keras 2's base class writes one, and its layer has no kernel that it is for.
        _ = config.Get("kernel_initializer");
        return new(
            config.Integer("filters"), config.Size("kernel_size"), config.OptionalSize("strides"), config.TextOr("padding", "valid"),
            config.Integer("depth_multiplier", 1), config.TextOr("activation", "linear"),
            config.Flag("use_bias", true), config.Initializer("depthwise_initializer"), config.Initializer("pointwise_initializer"),
                config.Initializer("bias_initializer"), config.Name, config.OptionalSize("dilation_rate"));
    }

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        _window.Output(Images(inputs, _depthwise?.Shape[2]), Filters, $"SeparableConv2D '{Name}'");

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        var channels = inputs[0].Channels;
        _depthwise = AddWeight(
            "depthwise_kernel", new[] { _window.Size.Height, _window.Size.Width, channels, _depthMultiplier }, _depthwiseInitializer,
                DepthwiseConv2D.ChannelsFirst);
        _pointwise = AddWeight("pointwise_kernel", new[] { 1, 1, channels * _depthMultiplier, Filters }, _pointwiseInitializer,
            [3, 2, 0, 1]);
        if (_useBias) _bias = AddWeight("bias", Filters, _biasInitializer);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var separate = _window.Convolve(inputs[0], Value(_depthwise!).flatten(0, 1).unsqueeze(1), null, groups: inputs[0].shape[3]);
        return _activation.Call(new Window(1, 1, "valid").Convolve(separate, Value(_pointwise!), Value(_bias)), context);
    }
}
