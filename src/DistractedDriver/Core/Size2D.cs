namespace DistractedDriver.Core;

/// <summary>
/// A height and a width in pixels. A single number converts to a square and a tuple to its two: <c>new Conv2D(64, 3)</c>,
/// <c>new Conv2D(64, (3, 2))</c>.
/// </summary>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>A square.</summary>
    public static implicit operator Size2D(int side) => new(side, side);

    /// <summary>Height, then width.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>As Python prints a tuple: <c>(3, 2)</c>.</summary>
    public override string ToString() => $"({Height}, {Width})";
}
