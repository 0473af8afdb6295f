using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// A two-dimensional convolution over NHWC images. Its kernel is Keras's, height × width × input channels × filters; in
/// memory it lies as filters × height × width × input channels, so that LibTorch, shown images and kernel through
/// permuted axes, computes channels-last without copying either.
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

    /// <param name="filters">How many output channels, at least 1.</param>
    /// <param name="kernelSize">The window's height and width in pixels.</param>
    /// <param name="strides">How far it moves; (1, 1) by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="activation">"linear" (or null), "relu", "sigmoid", "softmax" or "tanh".</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="kernelRegularizer">What the kernel's size adds to the loss; nothing by default.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Conv2D(
        int filters,
        (int Height, int Width) kernelSize,
        (int Height, int Width)? strides = null,
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
        _window = new Window(kernelSize, strides ?? (1, 1), padding);
        _activation = ActivationFunction.Get(activation);
        _kernelInitializer = kernelInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
        _useBias = useBias;
        _kernelRegularizer = kernelRegularizer;
    }

    /// <summary>How many output channels.</summary>
    public int Filters { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GetConfig() => new Dictionary<string, object?>
    {
        ["filters"] = Filters,
        ["kernel_size"] = _window.Size,
        ["strides"] = _window.Strides,
        ["padding"] = _window.Padding,
        ["activation"] = _activation.Name,
        ["use_bias"] = _useBias,
    };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Single(inputs, 4, "(batch, height, width, channels)");
        var known = _kernel?.Shape[2];
        return known is null || known == input.Channels
            ? _window.Output(input, Filters, $"Conv2D '{Name}'")
            : throw new ArgumentException($"Conv2D '{Name}' was built for {known} channels and can't be applied to shape {input}.", nameof(inputs));
    }

    private protected override void Build(IReadOnlyList<Shape> inputs)
    {
        var (height, width) = _window.Size;
        _kernel = AddWeight(new Weight("kernel", new[] { height, width, inputs[0].Channels, Filters }, FiltersFirst) { Regularizer = _kernelRegularizer }, _kernelInitializer);
        if (_useBias) _bias = AddWeight(new Weight("bias", Filters), _biasInitializer);
    }

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var (image, padding) = _window.Pad(inputs[0].permute(0, 3, 1, 2), 0);
        var convolved = torch.nn.functional.conv2d(
            image, _kernel!.Stored.permute(0, 3, 1, 2), _bias?.Stored, [_window.Strides.Height, _window.Strides.Width], padding);
        return _activation.IsElementwise
            ? _activation.Call(convolved, context).permute(0, 2, 3, 1)
            : _activation.Call(convolved.permute(0, 2, 3, 1), context);
    }
}
