using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The middle of an image; of one that is smaller than that, the middle part of the same proportions, made larger.</summary>
public sealed class CenterCrop : Layer
{
    private readonly Size2D _size;

    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public CenterCrop(int height, int width, string? name = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _size = (height, width);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["height"] = _size.Height, ["width"] = _size.Width };

    internal static CenterCrop FromConfig(LayerConfig config) => new(config.Integer("height"), config.Integer("width"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        new(null, _size.Height, _size.Width, Images(inputs).Channels);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var (down, right) = (inputs[0].shape[1] - _size.Height, inputs[0].shape[2] - _size.Width);
        return down >= 0 && right >= 0
            ? inputs[0].narrow(1, down / 2, _size.Height).narrow(2, right / 2, _size.Width)
            : new Resampling("bilinear").Resize(Resampling.CropTo(inputs[0], _size), _size);
    }
}
