using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The largest value of each window, channel by channel.</summary>
public sealed class MaxPooling2D : Layer
{
    private readonly Window _window;

    /// <param name="poolSize">The window's height and width in pixels; 2 by default.</param>
    /// <param name="strides">How far it moves; by default by its own size.</param>
    /// <param name="padding">"valid" or "same"; what lies beyond the image does not count.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public MaxPooling2D(Size2D? poolSize = null, Size2D? strides = null, string padding = "valid", string? name = null) : base(name) =>
        _window = new Window(poolSize ?? 2, strides ?? poolSize ?? 2, padding);

    /// <summary>Whether each window is the next two rows' and columns', and an odd last one is left out.</summary>
    internal bool Halves => _window is { Padding: "valid" } && _window.Size == 2 && _window.Strides == 2;

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => _window.Describe([], "pool_size");

    internal static MaxPooling2D FromConfig(LayerConfig config) =>
        new(config.OptionalSize("pool_size"), config.OptionalSize("strides"), config.TextOr("padding", "valid"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs);
        return _window.Output(input, input.Channels, $"MaxPooling2D '{Name}'");
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => _window.Largest(inputs[0]);
}
