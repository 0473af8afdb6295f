using DistractedDriver.Imaging;

namespace DistractedDriver.Preprocessing;

/// <summary>How image files become images of one size.</summary>
/// <param name="TargetSize">Height and width in pixels that images are scaled to.</param>
/// <param name="ColorMode">"rgb", "grayscale" or "rgba".</param>
/// <param name="Interpolation">How pixels are found.</param>
internal sealed record ImageFormat((int Height, int Width) TargetSize, string ColorMode, Interpolation Interpolation)
{
    public int Channels { get; } = ImageFile.Channels(ColorMode);

    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ImageFormat Of((int Height, int Width)? targetSize, string colorMode, string interpolation)
    {
        var size = targetSize ?? (256, 256);
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(targetSize),
            $"The target size is at least 1 by 1. Received: {size}.");
        return new(size, colorMode, Interpolation.Get(interpolation));
    }
}
