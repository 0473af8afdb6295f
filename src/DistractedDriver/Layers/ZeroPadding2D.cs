using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Adds rows and columns of zeros around images.</summary>
public sealed class ZeroPadding2D : Layer
{
    private readonly (int Top, int Bottom) _height;
    private readonly (int Left, int Right) _width;

    /// <param name="padding">Rows added above and below, and columns added on each side; 1 by default.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public ZeroPadding2D(Size2D? padding = null, string? name = null)
        : this((((padding ?? 1).Height, (padding ?? 1).Height), ((padding ?? 1).Width, (padding ?? 1).Width)), name)
    {
    }

    /// <param name="padding">Rows added above and below; columns added on the left and on the right.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public ZeroPadding2D(((int Top, int Bottom) Height, (int Left, int Right) Width) padding, string? name = null) : base(name)
    {
        var ((top, bottom), (left, right)) = padding;
        if (Math.Min(Math.Min(top, bottom), Math.Min(left, right)) < 0)
            throw new ArgumentOutOfRangeException(nameof(padding), $"Rows and columns to add are counted from 0. Received: {padding}.");
        (_height, _width) = padding;
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["padding"] = new JsonArray(new JsonArray(_height.Top, _height.Bottom), new JsonArray(_width.Left, _width.Right)),
        ["data_format"] = "channels_last",
    };

    internal static ZeroPadding2D FromConfig(LayerConfig config) => new(config.Sides("padding"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs);
        return new Shape(null, input[1] + _height.Top + _height.Bottom, input[2] + _width.Left + _width.Right, input.Channels);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        torch.nn.functional.pad(inputs[0], [0, 0, _width.Left, _width.Right, _height.Top, _height.Bottom]);
}
