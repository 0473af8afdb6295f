using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>All axes but the batch made one, in the order height, width, channels.</summary>
public sealed class Flatten : Layer
{
    /// <param name="name">Its name in the model.</param>
    /// <param name="inputShape">One sample's shape, without the batch, where it is the first layer of a Sequential.</param>
    public Flatten(string? name = null, Shape? inputShape = null) : base(name) => InputShape = inputShape;

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["data_format"] = "channels_last" };

    internal static Flatten FromConfig(LayerConfig config) => new(config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count != 1 || inputs[0].Skip(1).Any(size => size is null))
            throw new ArgumentException(
                $"Flatten '{Name}' takes one input whose sizes are fixed but for the batch. Received: {string.Join(", ", inputs)}.",
                    nameof(inputs));
        return new Shape(null, (int)inputs[0].WithoutBatch().Elements);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0].reshape(inputs[0].shape[0], -1);
}
