using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

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
    private readonly Regularizer? _kernelRegularizer;
    private readonly FrozenConvolution _frozen;
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
        Regularizer? kernelRegularizer = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        Filters = filters;
        _window = new Window(kernelSize, strides ?? 1, padding);
        _activation = ActivationFunction.Get(activation);
        _kernelInitializer = kernelInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
        _useBias = useBias;
        _kernelRegularizer = kernelRegularizer;
        _frozen = new FrozenConvolution(_window, filters);
    }

    /// <summary>How many output channels.</summary>
    public int Filters { get; }

    internal override JsonObject Arguments => _window.DescribeConvolution(
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
        });

    internal static Conv2D FromConfig(LayerConfig config) => new(
        config.Integer("filters"), config.Size("kernel_size"), config.Size("strides"), config.Text("padding"), config.Text("activation"), config.Flag("use_bias"),
        config.Initializer("kernel_initializer"), config.Initializer("bias_initializer"), config.Name, config.Regularizer("kernel_regularizer"));

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        _window.Output(Images(inputs, _kernel?.Shape[2]), Filters, $"Conv2D '{Name}'");

    private protected override void Build(IReadOnlyList<Shape> inputs)
    {
        _kernel = AddWeight(
            new Weight("kernel", new[] { _window.Size.Height, _window.Size.Width, inputs[0].Channels, Filters }, FiltersFirst) { Regularizer = _kernelRegularizer }, _kernelInitializer);
        if (_useBias) _bias = AddWeight(new Weight("bias", Filters), _biasInitializer);
    }

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var images = inputs[0];
        if (!_frozen.Takes(images, _kernel!)) return _activation.Call(_window.Convolve(images, Value(_kernel!).permute(0, 3, 1, 2), Value(_bias)), context);
        var relu = _activation.Name == "relu";
        var convolved = _frozen.Convolve(images, _kernel!, _bias?.Stored, relu, pooled: false);
        return relu ? convolved : _activation.Call(convolved, context);
    }

    /// <summary>
    /// What a pooling makes of what this layer makes of images: at once where that can be and something is left, so that what
    /// the pooling would read is never written.
    /// </summary>
    internal Tensor CallPooled(Tensor images, MaxPooling2D pooling, CallContext context) =>
        pooling.Halves && images.shape[1] >= 4 && images.shape[2] >= 4 && (_activation.Name is "relu" or "linear") && _frozen.Takes(images, _kernel!)
            ? _frozen.Convolve(images, _kernel!, _bias?.Stored, _activation.Name == "relu", pooled: true)
            : pooling.Call([Call([images], context)], context);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _frozen.Forget();
        base.Dispose(disposing);
    }
}
