using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>An activation function as a layer of its own.</summary>
public sealed class Activation : Layer
{
    private readonly ActivationFunction _function;

    /// <param name="activation">
    /// "linear", "relu", "sigmoid", "softmax", "tanh", "swish", "elu", "selu", "gelu", "exponential", "softplus", "softsign" or "mish".
    /// </param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="dtype">"float32" or "mixed_bfloat16"; by default what <see cref="Keras.SetGlobalPolicy"/> set.</param>
    /// <exception cref="ArgumentException">There is no such activation or policy.</exception>
    public Activation(string activation, string? name = null, string? dtype = null) : base(name, dtype) =>
        _function = ActivationFunction.Get(activation);

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["activation"] = _function.Name };

    internal static Activation FromConfig(LayerConfig config) => new(config.Text("activation"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        _function.Call(inputs[0].clone(), context);
}
