using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>An activation function as a layer of its own.</summary>
public sealed class Activation : Layer
{
    private readonly ActivationFunction _function;

    /// <param name="activation">"linear", "relu", "sigmoid", "softmax" or "tanh".</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">There is no such activation.</exception>
    public Activation(string activation, string? name = null) : base(name) => _function = ActivationFunction.Get(activation);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GetConfig() => new Dictionary<string, object?> { ["activation"] = _function.Name };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => _function.Call(inputs[0].clone(), context);
}
