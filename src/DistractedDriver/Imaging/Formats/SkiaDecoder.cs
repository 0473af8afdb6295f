using System.Runtime.InteropServices;
using SkiaSharp;

namespace DistractedDriver.Imaging.Formats;

/// <summary>Skia's decoders, their errors in our words.</summary>
internal static class SkiaDecoder
{
    /// <summary>
    /// Decodes to bytes of red, green, blue and alpha, as the pixels lie: an orientation noted in EXIF is ignored, as Keras ignores it.
    /// </summary>
    public static PixelImage Decode(byte[] content, string path)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(content), out var result) ?? throw Unreadable.Because(path, $"{result}");
        var (height, width) = (codec.Info.Height, codec.Info.Width);
        Unreadable.CheckSize(height, width, path);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success) throw Unreadable.Damaged(path);
        return new(height, width, MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan()).ToArray());
    }
}
