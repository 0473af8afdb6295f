using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Several values side by side along the last axis: the channels of images, the features of vectors.</summary>
public sealed class Concatenate : Layer
{
    private int _axis = -1;

    /// <param name="name">Its name in the model.</param>
    public Concatenate(string? name = null) : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["axis"] = _axis };

    internal static Concatenate FromConfig(LayerConfig config) => new(config.Name) { _axis = config.Axis() };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count < 2 || !inputs.All(shape => shape.SkipLast(1).SequenceEqual(inputs[0].SkipLast(1))))
            throw new ArgumentException(
                $"Concatenate '{Name}' takes at least two inputs whose shapes differ in the last axis alone. Received: "
                    + $"{string.Join(", ", inputs)}.", nameof(inputs));
        _ = LastAxis(inputs[0], _axis);
        return new Shape([.. inputs[0].SkipLast(1), inputs.Sum(shape => shape.Channels)]);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => torch.cat([.. inputs], -1);
}
