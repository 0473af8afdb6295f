using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The largest value of each channel over the whole image: (batch, height, width, channels) becomes (batch, channels).</summary>
public sealed class GlobalMaxPooling2D : Layer
{
    private readonly bool _keepdims;

    /// <param name="keepdims">Whether height and width stay, as 1: (batch, 1, 1, channels).</param>
    /// <param name="name">Its name in the model.</param>
    public GlobalMaxPooling2D(bool keepdims = false, string? name = null) : base(name) => _keepdims = keepdims;

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["data_format"] = "channels_last", ["keepdims"] = _keepdims };

    internal static GlobalMaxPooling2D FromConfig(LayerConfig config) => new(config.Flag("keepdims", false), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var channels = Images(inputs).Channels;
        return _keepdims ? new(null, 1, 1, channels) : new(null, channels);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs[0].amax([1, 2], keepdim: _keepdims);
}
