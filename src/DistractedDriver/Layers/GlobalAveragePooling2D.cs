using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>The mean of each channel over the whole image: (batch, height, width, channels) becomes (batch, channels).</summary>
public sealed class GlobalAveragePooling2D : Layer
{
    /// <param name="name">Its name in the model.</param>
    public GlobalAveragePooling2D(string? name = null) : base(name)
    {
    }

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        new(null, Single(inputs, 4, "(batch, height, width, channels)").Channels);

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0].mean([1, 2]);
}
