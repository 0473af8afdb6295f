using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Every value times a scale plus an offset: 1.0 / 127.5 and −1 make −1…1 of 0…255.</summary>
public sealed class Rescaling : Layer
{
    private readonly double _scale;
    private readonly double _offset;

    /// <param name="scale">What values are multiplied by.</param>
    /// <param name="offset">What is added then.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="inputShape">One sample's shape, without the batch, where it is the first layer of a Sequential.</param>
    public Rescaling(double scale, double offset = 0, string? name = null, Shape? inputShape = null) : base(name) =>
        (_scale, _offset, InputShape) = (scale, offset, inputShape);

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["scale"] = _scale, ["offset"] = _offset };

    internal static Rescaling FromConfig(LayerConfig config) => new(config.Number("scale"), config.Number("offset", 0), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs[0].mul((float)_scale).add_((float)_offset);
}
