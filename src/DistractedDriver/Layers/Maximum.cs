using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The largest of several values at each place. A size of 1 stands for as many as the others have.</summary>
public sealed class Maximum : Layer
{
    /// <param name="name">Its name in the model.</param>
    public Maximum(string? name = null) : base(name)
    {
    }

    internal static Maximum FromConfig(LayerConfig config) => new(config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => Broadcast(inputs);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs.Aggregate((first, second) => first.maximum(second));
}
