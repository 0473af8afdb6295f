using SkiaSharp;

namespace DistractedDriver;

// Data: images and labels on their way to a network - files, generators, batches. Everything is NHWC and float32 from here
// on. It knows nothing of layers or training.

/// <summary>Image files decoded to pixels.</summary>
internal static class ImageFile
{
    /// <summary>The endings of files that count as images, as in Keras.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff"];

    /// <summary>Decodes a file to RGB, scaled to a size by nearest neighbour, Keras's default.</summary>
    /// <param name="path">The file.</param>
    /// <param name="height">Rows wanted.</param>
    /// <param name="width">Columns wanted.</param>
    /// <param name="pixels">Receives height × width × 3 values in 0…255.</param>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static void Load(string path, int height, int width, Span<float> pixels)
    {
        using var bitmap = Decode(path);
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < height; y++)
        {
            // Pillow takes the source pixel in which the target pixel's centre lies.
            var row = source.Slice((int)((y + 0.5) * bitmap.Height / height) * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < width; x++)
            {
                var pixel = row.Slice((int)((x + 0.5) * bitmap.Width / width) * 4, 3);
                var target = pixels.Slice((y * width + x) * 3, 3);
                (target[0], target[1], target[2]) = (pixel[0], pixel[1], pixel[2]);
            }
        }
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
