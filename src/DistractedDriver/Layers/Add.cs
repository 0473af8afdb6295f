using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The sum of several values of one shape.</summary>
public sealed class Add : Layer
{
    /// <param name="name">Its name in the model.</param>
    public Add(string? name = null) : base(name)
    {
    }

    internal static Add FromConfig(LayerConfig config) => new(config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        inputs.Count >= 2 && inputs.All(shape => shape.Equals(inputs[0]))
        ? inputs[0]
        : throw new ArgumentException($"Add '{Name}' takes at least two inputs of one shape. Received: {string.Join(", ", inputs)}.",
            nameof(inputs));

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs.Skip(2).Aggregate(inputs[0].add(inputs[1]), (sum, input) => sum.add_(input));
}
