using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>The largest value of each window, channel by channel.</summary>
public sealed class MaxPooling2D : Layer
{
    private readonly Window _window;

    /// <param name="poolSize">The window's height and width in pixels; (2, 2) by default.</param>
    /// <param name="strides">How far it moves; by default by its own size.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public MaxPooling2D((int Height, int Width)? poolSize = null, (int Height, int Width)? strides = null, string padding = "valid", string? name = null)
        : base(name) => _window = new Window(poolSize ?? (2, 2), strides ?? poolSize ?? (2, 2), padding);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GetConfig() => new Dictionary<string, object?>
    {
        ["pool_size"] = _window.Size,
        ["strides"] = _window.Strides,
        ["padding"] = _window.Padding,
    };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Single(inputs, 4, "(batch, height, width, channels)");
        return _window.Output(input, input.Channels, $"MaxPooling2D '{Name}'");
    }

    internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var (image, padding) = _window.Pad(inputs[0].permute(0, 3, 1, 2), double.NegativeInfinity);
        return torch.nn.functional.max_pool2d(
            image, [_window.Size.Height, _window.Size.Width], [_window.Strides.Height, _window.Strides.Width], padding)
            .permute(0, 2, 3, 1);
    }
}
