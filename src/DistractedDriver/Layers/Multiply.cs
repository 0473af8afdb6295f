using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The product of several values. A size of 1 stands for as many as the others have.</summary>
public sealed class Multiply : Layer
{
    /// <param name="name">Its name in the model.</param>
    public Multiply(string? name = null) : base(name)
    {
    }

    internal static Multiply FromConfig(LayerConfig config) => new(config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => Broadcast(inputs);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs.Aggregate((first, second) => first.mul(second));
}
