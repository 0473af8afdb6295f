using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistractedDriver.Imaging.Formats;
using DistractedDriver.Imaging.Jpeg;

namespace DistractedDriver.Imaging;

// Data: images and labels on their way to a network - files, generators, batches. Everything is NHWC and float32 from here
// on. It knows nothing of layers or training.

/// <summary>Image files decoded to pixels.</summary>
internal static class ImageFile
{
    /// <summary>The endings of files that count as images, as in Keras.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff"];

    /// <summary>Whether a file counts as an image by its ending.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>How many values a pixel has in one of Keras's colour modes: "rgb", "grayscale" or "rgba".</summary>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public static int Channels(string colorMode) => colorMode switch
    {
        "grayscale" => 1,
        "rgb" => 3,
        "rgba" => 4,
        _ => throw new ArgumentException($"The colour modes are \"rgb\", \"grayscale\" and \"rgba\". Received: \"{colorMode}\".",
            nameof(colorMode)),
    };

    /// <summary>Decodes a file and scales it to a size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Height and width wanted.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue, 4 for those and alpha.</param>
    /// <param name="interpolation">How pixels are found.</param>
    /// <param name="pixels">Receives height × width × channels values in 0…255; 16-bit grey as grey keeps its 0…65535.</param>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static void Load(string path, (int Height, int Width) size, int channels, Interpolation interpolation, Span<float> pixels)
    {
        using var image = Open(path);
        Scale(image, size, channels, interpolation, pixels);
    }

    /// <summary>The same of a file whose content was read already.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="size">Height and width wanted.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue, 4 for those and alpha.</param>
    /// <param name="interpolation">How pixels are found.</param>
    /// <param name="pixels">Receives height × width × channels values in 0…255; 16-bit grey as grey keeps its 0…65535.</param>
    /// <exception cref="InvalidDataException">The content is no image that can be read.</exception>
    public static void Load(byte[] content, string path, (int Height, int Width) size, int channels, Interpolation interpolation,
        Span<float> pixels)
    {
        using var image = Open(content, path);
        Scale(image, size, channels, interpolation, pixels);
    }

    /// <summary>Decodes a file and scales it to a size, or leaves it as large as it is.</summary>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static Image Read(string path, (int Height, int Width)? targetSize, int channels, Interpolation interpolation)
    {
        using var image = Open(path);
        return Scaled(image, targetSize, channels, interpolation);
    }

    /// <summary>The same of a file whose content was read already.</summary>
    /// <exception cref="InvalidDataException">The content is no image that can be read.</exception>
    public static Image Read(byte[] content, string path, (int Height, int Width)? targetSize, int channels, Interpolation interpolation)
    {
        using var image = Open(content, path);
        return Scaled(image, targetSize, channels, interpolation);
    }

    /// <summary>Why a file can't be read as an image; null where it can.</summary>
    public static string? WhyUnreadable(string path)
    {
        try
        {
            Open(path).Dispose();
            return null;
        }
        catch (InvalidDataException error)
        {
            return error.Message;
        }
    }

    private static Image Scaled(IDecodedImage image, (int Height, int Width)? targetSize, int channels, Interpolation interpolation)
    {
        var size = targetSize ?? (image.Height, image.Width);
        return channels == 1 && image.Grey16 is { } grey
            ? new Image(Grey(image, grey, size, interpolation), size.Height, size.Width)
            : new Image(Pixels(image, size, channels, interpolation), size.Height, size.Width);
    }

    private static void Scale(IDecodedImage image, (int Height, int Width) size, int channels, Interpolation interpolation,
        Span<float> pixels)
    {
        if (!interpolation.Mixes && channels == 3)
        {
            // The usual case, without arrays in between.
            var rgba = ArrayPool<uint>.Shared.Rent(size.Height * size.Width);
            var picked = rgba.AsSpan(0, size.Height * size.Width);
            image.Pick(Interpolation.Places(image.Height, size.Height), Interpolation.Places(image.Width, size.Width), picked);
            Widen(picked, pixels);
            ArrayPool<uint>.Shared.Return(rgba);
            return;
        }
        if (channels == 1 && image.Grey16 is { } grey)
        {
            var values = Grey(image, grey, size, interpolation);
            for (var i = 0; i < values.Length; i++) pixels[i] = values[i];
            return;
        }
        var scaled = Pixels(image, size, channels, interpolation);
        for (var i = 0; i < scaled.Length; i++) pixels[i] = scaled[i];
    }

    private static byte[] Pixels(IDecodedImage image, (int Height, int Width) size, int channels, Interpolation interpolation)
    {
        var decodedSize = (image.Height, image.Width);
        // Where pixels are not mixed, only those that are taken need to be converted.
        var taken = interpolation.Mixes ? decodedSize : size;
        var rgba = new uint[taken.Height * taken.Width];
        image.Pick(Interpolation.Places(image.Height, taken.Height), Interpolation.Places(image.Width, taken.Width), rgba);
        var converted = Convert(MemoryMarshal.AsBytes(rgba), channels);
        return interpolation.Mixes ? interpolation.Scale(converted, decodedSize, size, channels) : converted;
    }

    private static ushort[] Grey(IDecodedImage image, ushort[] grey, (int Height, int Width) size, Interpolation interpolation)
    {
        if (interpolation.Mixes) return interpolation.Scale(grey, (image.Height, image.Width), size);
        var (rows, columns) = (Interpolation.Places(image.Height, size.Height), Interpolation.Places(image.Width, size.Width));
        return [.. rows.SelectMany(row => columns.Select(column => grey[row * image.Width + column]))];
    }

    /// <summary>Decodes a file, for pixels to be taken from it; an orientation noted in EXIF is ignored, as Keras ignores it.</summary>
    /// <exception cref="InvalidDataException">The file is no image that can be read.</exception>
    public static IDecodedImage Open(string path) => JpegImage.TryRead(path) as IDecodedImage ?? ImageKind.Decode(Content(path), path);

    private static IDecodedImage Open(byte[] content, string path) =>
        JpegImage.TryDecode(content) as IDecodedImage ?? ImageKind.Decode(content, path);

    private static byte[] Content(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable.Because(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static void Widen(ReadOnlySpan<uint> rgba, Span<float> pixels)
    {
        // The fourth value of each is written over by the next pixel's first.
        for (var i = 0; i < rgba.Length - 1; i++)
        {
            var bytes = Vector128.CreateScalarUnsafe(rgba[i]).AsByte();
            Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32()).CopyTo(pixels[(3 * i)..]);
        }
        var last = rgba[^1];
        (pixels[^3], pixels[^2], pixels[^1]) = (last & 0xff, (last >> 8) & 0xff, (last >> 16) & 0xff);
    }

    private static byte[] Convert(ReadOnlySpan<byte> rgba, int channels)
    {
        var target = new byte[rgba.Length / 4 * channels];
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += channels)
        {
            var (red, green, blue) = (rgba[from], rgba[from + 1], rgba[from + 2]);
            if (channels == 1)
            {
                // ITU-R 601-2's luma in 16-bit fixed point, as Pillow rounds it.
                target[to] = (byte)((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
                continue;
            }
            (target[to], target[to + 1], target[to + 2]) = (red, green, blue);
            if (channels == 4) target[to + 3] = rgba[from + 3];
        }
        return target;
    }
}

/// <summary>A decoded file that pixels can be taken from.</summary>
internal interface IDecodedImage : IDisposable
{
    /// <summary>In pixels.</summary>
    int Height { get; }

    /// <summary>In pixels.</summary>
    int Width { get; }

    /// <summary>The brightness of 16-bit grey, height × width; null for every other kind of image.</summary>
    ushort[]? Grey16 => null;

    /// <summary>Takes the pixels where rows and columns cross, as bytes of red, green, blue and alpha each.</summary>
    void Pick(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<uint> pixels);
}
