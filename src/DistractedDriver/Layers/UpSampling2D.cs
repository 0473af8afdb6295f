using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Images made larger by whole factors.</summary>
public sealed class UpSampling2D : Layer
{
    private readonly Size2D _size;
    private readonly Resampling _resampling;

    /// <param name="size">The factors of height and width; 2 by default.</param>
    /// <param name="interpolation">"nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic".</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">A factor is below 1, or there is no such interpolation.</exception>
    public UpSampling2D(Size2D? size = null, string interpolation = "nearest", string? name = null) : base(name)
    {
        _size = size ?? 2;
        if (_size.Height < 1 || _size.Width < 1) throw new ArgumentOutOfRangeException(nameof(size),
            $"Factors are at least 1. Received: {size}.");
        _resampling = new Resampling(interpolation);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["size"] = new JsonArray(_size.Height, _size.Width),
        ["data_format"] = "channels_last",
        ["interpolation"] = _resampling.Name,
    };

    internal static UpSampling2D FromConfig(LayerConfig config) =>
        new(config.OptionalSize("size"), config.TextOr("interpolation", "nearest"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs);
        return new Shape(null, input[1] * _size.Height, input[2] * _size.Width, input.Channels);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        _resampling.Resize(inputs[0], ((int)inputs[0].shape[1] * _size.Height, (int)inputs[0].shape[2] * _size.Width));
}
