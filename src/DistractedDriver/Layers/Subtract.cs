using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The first value minus the second. A size of 1 stands for as many as the others have.</summary>
public sealed class Subtract : Layer
{
    /// <param name="name">Its name in the model.</param>
    public Subtract(string? name = null) : base(name)
    {
    }

    internal static Subtract FromConfig(LayerConfig config) => new(config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => Broadcast(inputs, most: 2);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0].sub(inputs[1]);
}
