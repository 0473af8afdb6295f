using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>A fully connected layer: <c>activation(input · kernel + bias)</c>, over the last axis.</summary>
public sealed class Dense : Layer
{
    private readonly ActivationFunction _activation;
    private readonly Initializer _kernelInitializer;
    private readonly Initializer _biasInitializer;
    private readonly bool _useBias;
    private readonly Regularizer? _kernelRegularizer;
    private Weight? _kernel;
    private Weight? _bias;

    /// <param name="units">How many outputs, at least 1.</param>
    /// <param name="activation">"linear" (or null), "relu", "sigmoid", "softmax" or "tanh".</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The kernel's first values; Keras's default is Glorot's uniform.</param>
    /// <param name="biasInitializer">The bias's first values; Keras's default is zero.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="kernelRegularizer">What the kernel's size adds to the loss; nothing by default.</param>
    /// <exception cref="ArgumentException"><paramref name="units"/> is below 1 or there is no such activation.</exception>
    public Dense(int units, string? activation = null, bool useBias = true, Initializer? kernelInitializer = null, Initializer? biasInitializer = null, string? name = null,
        Regularizer? kernelRegularizer = null)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Units = units;
        _activation = ActivationFunction.Get(activation);
        _kernelInitializer = kernelInitializer ?? "glorot_uniform";
        _biasInitializer = biasInitializer ?? "zeros";
        _useBias = useBias;
        _kernelRegularizer = kernelRegularizer;
    }

    /// <summary>How many outputs.</summary>
    public int Units { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GetConfig() => new Dictionary<string, object?>
    {
        ["units"] = Units,
        ["activation"] = _activation.Name,
        ["use_bias"] = _useBias,
    };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count != 1 || inputs[0].Count < 2)
            throw new ArgumentException($"Dense '{Name}' takes one input of at least two axes, the batch first. Received: {string.Join(", ", inputs)}.", nameof(inputs));
        var known = _kernel?.Shape[0];
        if (known is not null && known != inputs[0].Channels)
            throw new ArgumentException($"Dense '{Name}' was built for {known} inputs and can't be applied to shape {inputs[0]}.", nameof(inputs));
        return new Shape([.. inputs[0].SkipLast(1), Units]);
    }

    private protected override void Build(IReadOnlyList<Shape> inputs)
    {
        _kernel = AddWeight(new Weight("kernel", (inputs[0].Channels, Units)) { Regularizer = _kernelRegularizer }, _kernelInitializer);
        if (_useBias) _bias = AddWeight(new Weight("bias", Units), _biasInitializer);
    }

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var product = _bias is not null && inputs[0].dim() == 2
            ? _bias.Stored.addmm(inputs[0], _kernel!.Stored, 1, 1)
            : inputs[0].matmul(_kernel!.Stored);
        if (_bias is not null && inputs[0].dim() != 2) product = product.add_(_bias.Stored);
        return _activation.Call(product, context);
    }
}
