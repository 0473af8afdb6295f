using System.Buffers;

namespace DistractedDriver.Imaging;

/// <summary>What is done to one image, under the names of Keras's transform parameters. As it is made it does nothing.</summary>
public sealed record ImageTransform
{
    /// <summary>Rotation in degrees.</summary>
    public double Theta { get; init; }

    /// <summary>Shift to the left, in pixels.</summary>
    public double Tx { get; init; }

    /// <summary>Shift upwards, in pixels.</summary>
    public double Ty { get; init; }

    /// <summary>Shear angle in degrees.</summary>
    public double Shear { get; init; }

    /// <summary>Zoom in width; below 1 things grow.</summary>
    public double Zx { get; init; } = 1;

    /// <summary>Zoom in height; below 1 things grow.</summary>
    public double Zy { get; init; } = 1;

    /// <summary>Whether left and right are exchanged.</summary>
    public bool FlipHorizontal { get; init; }

    /// <summary>Whether top and bottom are exchanged.</summary>
    public bool FlipVertical { get; init; }

    /// <summary>What is added to all values, which stay within the image's own range; null for nothing.</summary>
    public double? ChannelShiftIntensity { get; init; }

    /// <summary>What brightness is multiplied by, on whole grey levels; null for nothing.</summary>
    public double? Brightness { get; init; }

    /// <summary>Applies the transform to an image of interleaved channels, in its place.</summary>
    internal void Apply(Span<float> image, int height, int width, int channels, FillMode fill, double cval)
    {
        var warp = new AffineWarp(this, height, width);
        if (!warp.IsIdentity)
        {
            var source = ArrayPool<float>.Shared.Rent(image.Length);
            image.CopyTo(source);
            warp.Apply(source.AsSpan(0, image.Length), channels, fill, (float)cval, image);
            ArrayPool<float>.Shared.Return(source);
        }
        if (ChannelShiftIntensity is { } intensity)
        {
            var (low, high) = Range(image);
            foreach (ref var value in image) value = Math.Clamp(value + (float)intensity, low, high);
        }
        if (FlipHorizontal)
            for (var y = 0; y < height; y++) Reverse(image.Slice(y * width * channels, width * channels), channels);
        if (FlipVertical) Reverse(image, width * channels);
        if (Brightness is { } factor) Brighten(image, (float)factor);
    }

    // Exchanges the first and the last piece of so many values, and so on.
    private static void Reverse(Span<float> values, int size)
    {
        for (int first = 0, last = values.Length - size; first < last; first += size, last -= size)
            for (var i = 0; i < size; i++) (values[first + i], values[last + i]) = (values[last + i], values[first + i]);
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> image)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in image) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }

    // Keras goes by way of a Pillow image: bytes, cut off, blended with black and cut off again (ImageEnhance.Brightness).
    private static void Brighten(Span<float> image, float factor)
    {
        var (low, high) = Range(image);
        var scaled = low < 0 || high > 255;
        var range = scaled && high > low ? high - low : 1;
        foreach (ref var value in image)
        {
            var level = (byte)(scaled ? (value - low) / range * 255 : value);
            float bright = (byte)Math.Clamp(factor * level, 0, 255);
            value = scaled ? bright / 255 * (high - low) + low : bright;
        }
    }
}
