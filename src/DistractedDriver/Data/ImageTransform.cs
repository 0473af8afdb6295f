namespace DistractedDriver;

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

    /// <summary>Applies the transform to an image of interleaved channels.</summary>
    internal float[] Apply(float[] image, int height, int width, int channels, FillMode fill, double cval)
    {
        image = new AffineWarp(this, height, width).Apply(image, channels, fill, (float)cval);
        if (ChannelShiftIntensity is { } intensity)
        {
            var (low, high) = (image.Min(), image.Max());
            image = Array.ConvertAll(image, value => Math.Clamp(value + (float)intensity, low, high));
        }
        if (FlipHorizontal) image = Reordered(image, height, width, channels, (y, x) => (y, width - 1 - x));
        if (FlipVertical) image = Reordered(image, height, width, channels, (y, x) => (height - 1 - y, x));
        return Brightness is { } factor ? Brightened(image, (float)factor) : image;
    }

    private static float[] Reordered(float[] image, int height, int width, int channels, Func<int, int, (int Y, int X)> from)
    {
        var result = new float[image.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var source = from(y, x);
                image.AsSpan((source.Y * width + source.X) * channels, channels).CopyTo(result.AsSpan((y * width + x) * channels));
            }
        }
        return result;
    }

    // Keras goes by way of a Pillow image: bytes, cut off, blended with black and cut off again (ImageEnhance.Brightness).
    private static float[] Brightened(float[] image, float factor)
    {
        var (low, high) = (image.Min(), image.Max());
        var scaled = low < 0 || high > 255;
        var range = scaled && high > low ? high - low : 1;
        return Array.ConvertAll(image, value =>
        {
            var level = (byte)(scaled ? (value - low) / range * 255 : value);
            float bright = (byte)Math.Clamp(factor * level, 0, 255);
            return scaled ? bright / 255 * (high - low) + low : bright;
        });
    }
}
