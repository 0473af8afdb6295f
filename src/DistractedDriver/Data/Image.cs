using System.Runtime.InteropServices;
using SkiaSharp;

namespace DistractedDriver;

/// <summary>A picture of bytes, as <see cref="Keras.Utils.LoadImg"/> gives it; a notebook shows it.</summary>
[TypeFormatterSource(typeof(ReportFormatters), PreferredMimeTypes = [MimeType])]
public sealed class Image : Report
{
    internal const string MimeType = "image/png";
    private const int JpegQuality = 75;

    internal Image(byte[] pixels, int height, int width) => (Pixels, Height, Width) = (pixels, height, width);

    /// <summary>Pixels from top to bottom.</summary>
    public int Height { get; }

    /// <summary>Pixels from left to right.</summary>
    public int Width { get; }

    /// <summary>How many values a pixel has: 1 for grey, 3 for red, green and blue, 4 for those and alpha.</summary>
    public int Channels => Pixels.Length / (Height * Width);

    /// <summary>Height × width × channels values, rows without gaps.</summary>
    internal byte[] Pixels { get; }

    /// <summary>Size and channels in a few words.</summary>
    public override string ToString() => $"{Width}×{Height} pixels, {Channels switch
    {
        1 => "grey",
        3 => "RGB",
        _ => "RGBA",
    }}";

    internal override string? As(string mimeType) => mimeType == MimeType ? Convert.ToBase64String(Encode(SKEncodedImageFormat.Png)) : null;

    /// <summary>The picture as the content of a file.</summary>
    internal byte[] Encode(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, Channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque));
        var rgba = MemoryMarshal.AsBytes(bitmap.GetPixelSpan());
        for (int from = 0, to = 0; from < Pixels.Length; from += Channels, to += 4)
        {
            for (var channel = 0; channel < 3; channel++) rgba[to + channel] = Pixels[from + (Channels == 1 ? 0 : channel)];
            rgba[to + 3] = Channels == 4 ? Pixels[from + 3] : (byte)255;
        }
        using var data = bitmap.Encode(format, JpegQuality);
        return data.ToArray();
    }
}
