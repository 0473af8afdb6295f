using SkiaSharp;

namespace DistractedDriver;

// Data: images and labels on their way to a network - files, generators, batches. Everything is NHWC and float32 from here
// on. It knows nothing of layers or training.

/// <summary>Image files decoded to pixels.</summary>
internal static class ImageFile
{
    /// <summary>The endings of files that count as images, as in Keras.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff"];

    /// <summary>Decodes a file to RGB, scaled to a size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Height and width wanted.</param>
    /// <param name="interpolation">How pixels are found.</param>
    /// <param name="pixels">Receives height × width × 3 values in 0…255.</param>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static void Load(string path, (int Height, int Width) size, Interpolation interpolation, Span<float> pixels)
    {
        using var bitmap = Decode(path);
        var source = bitmap.GetPixelSpan();
        var rgb = new byte[bitmap.Height * bitmap.Width * 3];
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            var line = rgb.AsSpan(y * bitmap.Width * 3, bitmap.Width * 3);
            for (int x = 0, at = 0; x < row.Length; x += 4, at += 3) (line[at], line[at + 1], line[at + 2]) = (row[x], row[x + 1], row[x + 2]);
        }
        var scaled = interpolation.Scale(rgb, (bitmap.Height, bitmap.Width), size, 3);
        for (var i = 0; i < scaled.Length; i++) pixels[i] = scaled[i];
    }

    /// <summary>Decodes a file to RGBA, opaque or not, as its pixels lie: an orientation noted in EXIF is ignored, as Keras ignores it.</summary>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static SKBitmap Decode(string path)
    {
        using var codec = SKCodec.Create(path, out var result)
            ?? throw new InvalidDataException($"{path} can't be read as an image ({result}). Replace or remove the file.");
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var decoded = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (decoded == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        throw new InvalidDataException($"{path} is damaged or cut off ({decoded}). Replace or remove the file.");
    }
}
