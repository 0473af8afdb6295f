using DistractedDriver.Core;
using DistractedDriver.Imaging;

namespace DistractedDriver.Preprocessing;

/// <summary>
/// How far an image may be shifted. A number below 1 is a share of the image's size, a whole number a count of pixels below which
/// one is drawn, an array the counts of pixels to draw from; either way or the other, as in Keras.
/// </summary>
public sealed class ShiftRange
{
    private readonly double? _limit;
    private readonly double[]? _choices;

    private ShiftRange(double? limit, double[]? choices) => (_limit, _choices) = (limit, choices);

    /// <summary>A share of the size, or from 1 on a number of pixels with fractions.</summary>
    public static implicit operator ShiftRange(double limit) => new(limit, null);

    /// <summary>A whole number of pixels below this.</summary>
    public static implicit operator ShiftRange(int limit) =>
        new(null, [.. Enumerable.Range(0, Math.Max(0, limit)).Select(pixels => (double)pixels)]);

    /// <summary>One of these numbers of pixels.</summary>
    public static implicit operator ShiftRange(double[] choices) => new(null, choices);

    /// <summary>Whether there is anything to draw.</summary>
    internal bool IsRandom => _limit is > 0 || _choices is { Length: > 0 };

    internal double Draw(NumpyRandom random, int size)
    {
        if (!IsRandom) return 0;
        if (_choices is null) return random.NextUniform(-_limit!.Value, _limit.Value) * (_limit < 1 ? size : 1);
        var shift = _choices[random.Below(_choices.Length)];
        var sign = random.Below(2) == 0 ? -1 : 1;
        return shift * sign * (_choices.Max() < 1 ? size : 1);
    }
}

/// <summary>
/// How much an image may be zoomed: a number z such as 0.2 stands for 1 − z to 1 + z, a pair for itself. Below 1 things grow.
/// </summary>
/// <param name="Low">The least factor.</param>
/// <param name="High">The greatest factor.</param>
public sealed record ZoomRange(double Low, double High)
{
    /// <summary>From 1 − <paramref name="share"/> to 1 + <paramref name="share"/>.</summary>
    public static implicit operator ZoomRange(double share) => new(1 - share, 1 + share);

    /// <summary>From the first to the second.</summary>
    public static implicit operator ZoomRange((double Low, double High) range) => new(range.Low, range.High);
}

/// <summary>What an <see cref="ImageDataGenerator"/> may do to an image at random, and the drawing of it in Keras's order.</summary>
internal sealed record AugmentationRanges(
    double Rotation, ShiftRange? WidthShift, ShiftRange? HeightShift, double Shear, ZoomRange? Zoom, double ChannelShift,
    (double Low, double High)? Brightness, bool HorizontalFlip, bool VerticalFlip)
{
    private bool IsZoomed => Zoom is { } zoom && (zoom.Low != 1 || zoom.High != 1);

    /// <summary>Whether images change at all.</summary>
    public bool IsRandom => Rotation != 0 || WidthShift is { IsRandom: true } || HeightShift is { IsRandom: true } || Shear != 0 || IsZoomed
        || ChannelShift != 0 || Brightness is not null || HorizontalFlip || VerticalFlip;

    public ImageTransform Draw(NumpyRandom random, int height, int width)
    {
        var theta = Rotation != 0 ? random.NextUniform(-Rotation, Rotation) : 0;
        var tx = HeightShift?.Draw(random, height) ?? 0;
        var ty = WidthShift?.Draw(random, width) ?? 0;
        var shear = Shear != 0 ? random.NextUniform(-Shear, Shear) : 0;
        var (zx, zy) = IsZoomed ? (random.NextUniform(Zoom!.Low, Zoom.High), random.NextUniform(Zoom.Low, Zoom.High)) : (1, 1);
        // Both are drawn whether flips are wanted or not.
        var (horizontal, vertical) = (random.Chance(0.5f), random.Chance(0.5f));
        return new ImageTransform
        {
            Theta = theta,
            Tx = tx,
            Ty = ty,
            Shear = shear,
            Zx = zx,
            Zy = zy,
            FlipHorizontal = horizontal && HorizontalFlip,
            FlipVertical = vertical && VerticalFlip,
            ChannelShiftIntensity = ChannelShift != 0 ? random.NextUniform(-ChannelShift, ChannelShift) : null,
            Brightness = Brightness is { } range ? random.NextUniform(range.Low, range.High) : null,
        };
    }
}
