using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace DistractedDriver.Imaging.Formats;

/// <summary>ImageSharp's decoders, their errors in our words.</summary>
internal static class SharpDecoder
{
    /// <summary>Decodes to bytes of red, green, blue and alpha.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="decoder">ImageSharp's for that kind.</param>
    public static PixelImage Decode(byte[] content, string path, IImageDecoder decoder) =>
        Decode<Rgba32>(content, path, decoder, pixels => MemoryMarshal.Cast<Rgba32, uint>(pixels).ToArray());

    /// <summary>Decodes 16-bit grey.</summary>
    public static PixelImage DecodeGrey16(byte[] content, string path, IImageDecoder decoder)
    {
        var (height, width, grey) = Load<L16, ushort>(content, path, decoder, pixels => MemoryMarshal.Cast<L16, ushort>(pixels).ToArray());
        return new(height, width, grey);
    }

    /// <summary>Decodes to another kind of pixel.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="decoder">ImageSharp's for that kind.</param>
    /// <param name="convert">Makes bytes of red, green, blue and alpha of the pixels.</param>
    public static PixelImage Decode<TPixel>(byte[] content, string path, IImageDecoder decoder, Func<Span<TPixel>, uint[]> convert)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var (height, width, pixels) = Load(content, path, decoder, convert);
        return new(height, width, pixels);
    }

    private static (int Height, int Width, TValue[] Values) Load<TPixel, TValue>(
        byte[] content, string path, IImageDecoder decoder, Func<Span<TPixel>, TValue[]> convert)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            using var image = SixLabors.ImageSharp.Image.Load<TPixel>(content, decoder);
            var pixels = new TPixel[image.Width * image.Height];
            image.CopyPixelDataTo(pixels);
            return (image.Height, image.Width, convert(pixels));
        }
        catch (NotSupportedException error)
        {
            throw Unreadable.Because(path, $"it is of a kind that is not read ({error.Message.TrimEnd('.')})", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever the decoder stumbles over in a file that is not as it should be.
            throw Unreadable.Damaged(path, error);
        }
    }
}
