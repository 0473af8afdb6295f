using System.Text.Json.Nodes;
using DistractedDriver.Compute.Convolution;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Regularizers;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// A two-dimensional convolution over NHWC images. Its kernel is Keras's, height × width × input channels × filters; in
/// memory it lies as filters × height × width × input channels, as LibTorch computes fastest with.
/// </summary>
public sealed class Conv2D : Layer
{
    private static readonly int[] FiltersFirst = [3, 0, 1, 2];

    private readonly Window _window;
    private readonly ActivationFunction _activation;
    private readonly Initializer _kernelInitializer;
    private readonly Initializer _biasInitializer;
    private readonly bool _useBias;
    private readonly int _groups;
    private readonly Regularizer? _kernelRegularizer;
    private readonly ConvolutionEngine? _engine;
    private Weight? _kernel;
    private Weight? _bias;

    /// <param name="filters">How many output channels, at least 1.</param>
    /// <param name="kernelSize">The window's height and width in pixels.</param>
    /// <param name="strides">How far it moves; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="activation">An identifier that <see cref="Activation"/> takes, such as "relu"; null or "linear" for none.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="kernelRegularizer">What the kernel's size adds to the loss; nothing by default.</param>
    /// <param name="dilationRate">How far apart the pixels are that the window looks at; 1, side by side, by default.</param>
    /// <param name="groups">How many groups the input channels are taken in, each with its share of the filters.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Conv2D(
        int filters,
        Size2D kernelSize,
        Size2D? strides = null,
        string padding = "valid",
        string? activation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null,
        Regularizer? kernelRegularizer = null,
        Size2D? dilationRate = null,
        int groups = 1) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        if (groups < 1 || filters % groups != 0)
            throw new ArgumentException($"The {filters} filters are shared out evenly among groups. Received: groups {groups}.",
                nameof(groups));
        (Filters, _groups) = (filters, groups);
        _window = new Window(kernelSize, strides ?? 1, padding, dilationRate);
        _activation = ActivationFunction.Get(activation);
        _kernelInitializer = kernelInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
        _useBias = useBias;
        _kernelRegularizer = kernelRegularizer;
        // Our own loops compute 3 × 3 kernels that move by one pixel.
        if (_window.Reach == 3 && _window.Size == 3 && _window.Strides == 1
            && groups == 1) _engine = new ConvolutionEngine(ConvolutionMethod, filters,
            _window.Padding == "same" ? 1 : 0);
    }

    /// <summary>How many output channels.</summary>
    public int Filters { get; }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => _window.DescribeConvolution(
        new()
        {
            ["filters"] = Filters,
            ["groups"] = _groups,
            ["activation"] = _activation.Name,
            ["use_bias"] = _useBias,
            ["kernel_initializer"] = _kernelInitializer.GetConfig(),
            ["bias_initializer"] = _biasInitializer.GetConfig(),
            ["kernel_regularizer"] = _kernelRegularizer?.GetConfig(),
            ["bias_regularizer"] = null,
            ["activity_regularizer"] = null,
            ["kernel_constraint"] = null,
            ["bias_constraint"] = null,
        });

    internal static Conv2D FromConfig(LayerConfig config) => new(
        config.Integer("filters"), config.Size("kernel_size"), config.OptionalSize("strides"), config.TextOr("padding", "valid"),
            config.TextOr("activation", "linear"),
            config.Flag("use_bias", true),
        config.Initializer("kernel_initializer"), config.Initializer("bias_initializer"), config.Name,
            config.Regularizer("kernel_regularizer"), config.OptionalSize("dilation_rate"), config.Integer("groups", 1));

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs, _kernel?.Shape[2] * _groups);
        return input.Channels % _groups == 0
            ? _window.Output(input, Filters, $"Conv2D '{Name}'")
            : throw new ArgumentException(
                $"Conv2D '{Name}' takes its input's channels in {_groups} equal groups. Received: shape {input}.", nameof(inputs));
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        _kernel = AddWeight(
            "kernel", new[] { _window.Size.Height, _window.Size.Width, inputs[0].Channels / _groups, Filters }, _kernelInitializer,
                FiltersFirst,
                regularizer: _kernelRegularizer);
        if (_useBias) _bias = AddWeight("bias", Filters, _biasInitializer);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var images = inputs[0];
        if (!EngineTakes(images)) return _activation.Call(
            _window.Convolve(images, Value(_kernel!).permute(0, 3, 1, 2), Value(_bias), _groups),
            context);
        var relu = _activation.Name == "relu";
        var convolved = Convolve(images, relu, pooled: false);
        return relu ? convolved : _activation.Call(convolved, context);
    }

    // A pooling of each 2 × 2 results: what it would read is never written.
    internal override FusedCall? Fuse(IReadOnlyList<Layer> following)
    {
        if (following[0] is not MaxPooling2D { Halves: true } pooling || pooling.Policy != Policy
            || _activation.Name is not ("relu" or "linear")) return null;
        return new(1, (inputs, context) => inputs[0].shape[1] >= 4 && inputs[0].shape[2] >= 4 && EngineTakes(inputs[0])
            ? Convolve(inputs[0], _activation.Name == "relu", pooled: true)
            : pooling.Call([Call(inputs, context)], context));
    }

    private bool EngineTakes(Tensor images) => _engine is not null && _engine.Takes(images, _kernel!.Stored);

    private Tensor Convolve(Tensor images, bool relu, bool pooled) =>
        _engine!.Convolve(images, _kernel!.Stored, _kernel.Version, _bias?.Stored, relu, pooled);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _engine?.Release();
        base.Dispose(disposing);
    }
}
