using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Regularizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// A convolution turned round, which makes images larger: with "same" by exactly its strides. It computes the gradient of the
/// convolution that has the same window. Its kernel is Keras's, height × width × filters × input channels.
/// </summary>
public sealed class Conv2DTranspose : Layer
{
    private static readonly int[] ChannelsFirst = [3, 2, 0, 1];

    private readonly Window _window;
    private readonly ActivationFunction _activation;
    private readonly Initializer _kernelInitializer;
    private readonly Initializer _biasInitializer;
    private readonly bool _useBias;
    private readonly Regularizer? _kernelRegularizer;
    private Weight? _kernel;
    private Weight? _bias;

    /// <param name="filters">How many output channels, at least 1.</param>
    /// <param name="kernelSize">The window's height and width in pixels.</param>
    /// <param name="strides">By how much it makes the image larger; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="activation">An identifier that <see cref="Activation"/> takes, such as "relu"; null or "linear" for none.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="kernelRegularizer">What the kernel's size adds to the loss; nothing by default.</param>
    /// <param name="dilationRate">How far apart the pixels are that the window reaches; 1, side by side, by default.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Conv2DTranspose(
        int filters, Size2D kernelSize, Size2D? strides = null, string padding = "valid", string? activation = null, bool useBias = true,
        Initializer? kernelInitializer = null, Initializer? biasInitializer = null, string? name = null,
            Regularizer? kernelRegularizer = null,
        Size2D? dilationRate = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        (Filters, _useBias, _activation) = (filters, useBias, ActivationFunction.Get(activation));
        _window = new Window(kernelSize, strides ?? 1, padding, dilationRate);
        _kernelInitializer = kernelInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
        _kernelRegularizer = kernelRegularizer;
    }

    /// <summary>How many output channels.</summary>
    public int Filters { get; }

    // Keras 3 refuses groups here.
    /// <inheritdoc/>
    protected internal override JsonObject Arguments => _window.DescribeConvolution(
        new()
        {
            ["filters"] = Filters,
            ["activation"] = _activation.Name,
            ["use_bias"] = _useBias,
            ["kernel_initializer"] = _kernelInitializer.GetConfig(),
            ["bias_initializer"] = _biasInitializer.GetConfig(),
            ["kernel_regularizer"] = _kernelRegularizer?.GetConfig(),
            ["bias_regularizer"] = null,
            ["activity_regularizer"] = null,
            ["kernel_constraint"] = null,
            ["bias_constraint"] = null,
            ["output_padding"] = null,
        });

    internal static Conv2DTranspose FromConfig(LayerConfig config) => new(
        config.Integer("filters"), config.Size("kernel_size"), config.OptionalSize("strides"), config.TextOr("padding", "valid"),
        config.TextOr("activation", "linear"), config.Flag("use_bias", true), config.Initializer("kernel_initializer"),
        config.Initializer("bias_initializer"), config.Name, config.Regularizer("kernel_regularizer"),
            config.OptionalSize("dilation_rate"));

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs, _kernel?.Shape[3]);
        return new Shape(
            null, Places(input[1], _window.Reach.Height, _window.Strides.Height),
                Places(input[2], _window.Reach.Width, _window.Strides.Width),
            Filters);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        _kernel = AddWeight(
            "kernel", new[] { _window.Size.Height, _window.Size.Width, Filters, inputs[0].Channels }, _kernelInitializer, ChannelsFirst,
            regularizer: _kernelRegularizer);
        if (_useBias) _bias = AddWeight("bias", Filters, _biasInitializer);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var images = inputs[0].permute(0, 3, 1, 2);
        var whole = torch.nn.functional.conv_transpose2d(
            images, Value(_kernel!), null, [_window.Strides.Height, _window.Strides.Width],
            dilation: [_window.Dilation.Height, _window.Dilation.Width]);
        whole = Cut(whole, 2, images.shape[2], _window.Reach.Height, _window.Strides.Height);
        whole = Cut(whole, 3, images.shape[3], _window.Reach.Width, _window.Strides.Width).permute(0, 2, 3, 1);
        return _activation.Call(_useBias ? whole + Value(_bias!) : whole.alias(), context);
    }

    private int? Places(int? size, int reach, int stride) => size * stride + (_window.Padding == "same" ? 0 : Math.Max(0, reach - stride));

    // What the window reached beyond the image that the convolution would have been given is left out, an odd row or column at
    // the end; what it did not reach is zero.
    private Tensor Cut(Tensor whole, int axis, long size, int reach, int stride)
    {
        var places = Places((int)size, reach, stride)!.Value;
        if (whole.shape[axis] < places)
        {
            var missing = places - whole.shape[axis];
            return torch.nn.functional.pad(whole, axis == 2 ? [0, 0, 0, missing] : [0, missing, 0, 0]);
        }
        return whole.narrow(axis, _window.Padding == "same" ? Math.Max(0, reach - stride) / 2 : 0, places);
    }
}
