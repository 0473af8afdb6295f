using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Images brought to one size, as TensorFlow does it: without smoothing where they get smaller.</summary>
public sealed class Resizing : Layer
{
    private readonly Size2D _size;
    private readonly Resampling _resampling;
    private readonly bool _crop;

    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="interpolation">"bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic".</param>
    /// <param name="cropToAspectRatio">Whether what is too much on two sides is cut off first, so that nothing is distorted.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">A size is below 1, or there is no such interpolation.</exception>
    public Resizing(int height, int width, string interpolation = "bilinear", bool cropToAspectRatio = false, string? name = null)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_size, _resampling, _crop) = ((height, width), new Resampling(interpolation), cropToAspectRatio);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["height"] = _size.Height,
        ["width"] = _size.Width,
        ["interpolation"] = _resampling.Name,
        ["crop_to_aspect_ratio"] = _crop,
    };

    internal static Resizing FromConfig(LayerConfig config) => new(
        config.Integer("height"), config.Integer("width"), config.TextOr("interpolation", "bilinear"),
            config.Flag("crop_to_aspect_ratio", false),
        config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        new(null, _size.Height, _size.Width, Images(inputs).Channels);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        _resampling.Resize(_crop ? Resampling.CropTo(inputs[0], _size) : inputs[0], _size);
}
