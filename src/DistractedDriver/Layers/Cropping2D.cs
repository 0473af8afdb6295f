using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>An image without some of its outer rows and columns.</summary>
public sealed class Cropping2D : Layer
{
    private readonly (int Before, int After) _rows;
    private readonly (int Before, int After) _columns;

    /// <param name="cropping">How many rows to take off at the top and the bottom, and how many columns at the left and the right.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Cropping2D(((int Top, int Bottom) Rows, (int Left, int Right) Columns) cropping, string? name = null) : base(name)
    {
        if (cropping.Rows.Top < 0 || cropping.Rows.Bottom < 0 || cropping.Columns.Left < 0 || cropping.Columns.Right < 0)
            throw new ArgumentOutOfRangeException(nameof(cropping), $"Rows and columns to take off are from 0. Received: {cropping}.");
        (_rows, _columns) = cropping;
    }

    /// <param name="cropping">How many rows and columns to take off at each side.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Cropping2D(int cropping, string? name = null) : this(((cropping, cropping), (cropping, cropping)), name)
    {
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["cropping"] = new JsonArray(new JsonArray(_rows.Before, _rows.After), new JsonArray(_columns.Before, _columns.After)),
        ["data_format"] = "channels_last",
    };

    internal static Cropping2D FromConfig(LayerConfig config) => new(config.Sides("cropping"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = Images(inputs);
        var (height, width) = (input[1] - _rows.Before - _rows.After, input[2] - _columns.Before - _columns.After);
        return height < 1 || width < 1
            ? throw new ArgumentException($"Cropping2D '{Name}' leaves nothing of an image of shape {input}.", nameof(inputs))
            : new Shape(null, height, width, input.Channels);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var (height, width) = (inputs[0].shape[1], inputs[0].shape[2]);
        return inputs[0]
            .narrow(1, _rows.Before, height - _rows.Before - _rows.After)
            .narrow(2, _columns.Before, width - _columns.Before - _columns.After);
    }
}
