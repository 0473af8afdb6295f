using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Shares that sum to 1 along the last axis: exp x / Σ exp x.</summary>
public sealed class Softmax : Layer
{
    private int _axis = -1;

    /// <param name="name">Its name in the model.</param>
    public Softmax(string? name = null) : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["axis"] = _axis };

    internal static Softmax FromConfig(LayerConfig config) => new(config.Name) { _axis = config.Axis() };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        _ = LastAxis(inputs[0], _axis);
        return inputs[0];
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        ActivationFunction.Get("softmax").Call(inputs[0].alias(), context);
}
