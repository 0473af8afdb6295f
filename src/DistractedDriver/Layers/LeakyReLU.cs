using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>x where it is above 0, alpha·x below.</summary>
public sealed class LeakyReLU : Layer
{
    private readonly double _alpha;

    /// <param name="alpha">The slope below 0, from 0.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is negative.</exception>
    public LeakyReLU(double alpha = 0.3, string? name = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(alpha);
        _alpha = alpha;
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["alpha"] = _alpha };

    internal static LeakyReLU FromConfig(LayerConfig config) =>
        new(config.OptionalNumber("alpha") ?? config.Number("negative_slope", 0.3), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        torch.nn.functional.leaky_relu(inputs[0], _alpha);
}
