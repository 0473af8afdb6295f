using System.Text.Json.Nodes;
using TorchSharp;
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
    private Weight? _kernel;
    private Weight? _bias;
    private AlignedMemory? _prepared;
    private long _preparedVersion;

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
        if (!TakesWinograd(inputs[0])) return _activation.Call(_window.Convolve(inputs[0], Value(_kernel!).permute(0, 3, 1, 2), Value(_bias)), context);
        if (_prepared is null || _preparedVersion != _kernel!.Version)
            (_prepared, _preparedVersion) = (WinogradConvolution.Prepare(_kernel!.Stored), _kernel.Version);
        var relu = _activation.Name == "relu";
        var convolved = WinogradConvolution.Convolve(inputs[0], _prepared, Filters, _bias?.Stored, _window.Padding == "same" ? 1 : 0, relu);
        return relu ? convolved : _activation.Call(convolved, context);
    }

    // Where nothing is to be learned through this layer, and the processor computes in float32.
    private bool TakesWinograd(Tensor images) =>
        Config.Convolution != ConvolutionMethod.Direct && _window.Size == 3 && _window.Strides == 1
        && WinogradConvolution.Takes(images.shape[3], Filters) && images.dtype == torch.ScalarType.Float32 && images.device_type == DeviceType.CPU
        && !(torch.is_grad_enabled() && (images.requires_grad || _kernel!.Stored.requires_grad));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _prepared = null;
        base.Dispose(disposing);
    }
}
