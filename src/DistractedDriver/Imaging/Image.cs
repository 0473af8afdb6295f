using System.Runtime.InteropServices;
using DistractedDriver.Core;
using SkiaSharp;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Imaging;

/// <summary>A picture of bytes, as <c>Keras.Utils.LoadImg</c> gives it; a notebook shows it.</summary>
[TypeFormatterSource(typeof(DisplayableFormatters), PreferredMimeTypes = [MimeTypes.Png])]
public sealed class Image : Displayable
{
    private const int JpegQuality = 75;
    private readonly ushort[]? _grey16;

    internal Image(byte[] pixels, int height, int width) => (Pixels, Height, Width) = (pixels, height, width);

    // What is seen of 16-bit grey is its upper eight bits.
    internal Image(ushort[] grey, int height, int width)
        : this(Array.ConvertAll(grey, value => (byte)(value >> 8)), height, width) => _grey16 = grey;

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
        1 => _grey16 is null ? "grey" : "16-bit grey",
        3 => "RGB",
        _ => "RGBA",
    }}";

    internal override string? As(string mimeType) =>
        mimeType == MimeTypes.Png ? Convert.ToBase64String(Encode(SKEncodedImageFormat.Png)) : null;

    /// <summary>A tensor as a picture.</summary>
    /// <param name="x">(height, width, channels) with 1, 3 or 4 channels; stays the caller's.</param>
    /// <param name="scale">Whether its smallest value becomes 0 and its largest 255; otherwise all are in 0…255 and rounded down.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or values beyond 0…255 that are not to be scaled.</exception>
    internal static Image FromTensor(Tensor x, bool scale)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 3 || x.shape[2] is not (1 or 3 or 4))
            throw new ArgumentException($"An image is of shape (height, width, 1, 3 or 4). Received: ({string.Join(", ", x.shape)}).",
                nameof(x));
        using var scope = torch.NewDisposeScope();
        var values = x.detach().cpu().to_type(torch.ScalarType.Float32);
        if (scale)
        {
            values = values - values.min();
            var largest = values.max().item<float>();
            if (largest != 0) values = values / largest;
            values = values * 255;
        }
        else if (values.min().item<float>() < 0 || values.max().item<float>() >= 256)
        {
            throw new ArgumentException(
                $"The values of an image are in 0…255. Received: {values.min().item<float>()} to {values.max().item<float>()}. Use scale: "
                    + "true for others.", nameof(x));
        }
        return new Image([.. values.contiguous().data<float>().Select(value => (byte)value)], (int)x.shape[0], (int)x.shape[1]);
    }

    /// <summary>
    /// The values as a tensor, (height, width, channels), float32, in 0…255, or up to 65535 for 16-bit grey; the caller owns it.
    /// </summary>
    internal Tensor ToTensor() => torch.tensor(
        _grey16 is null ? Array.ConvertAll(Pixels, value => (float)value) : Array.ConvertAll(_grey16, value => (float)value),
        [Height, Width, Channels]);

    /// <summary>Saves the picture; what was there is replaced.</summary>
    /// <param name="path">The file, which ends in .png, .jpg or .jpeg.</param>
    /// <exception cref="ArgumentException">The file ends otherwise.</exception>
    internal void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => SKEncodedImageFormat.Png,
            ".jpg" or ".jpeg" => SKEncodedImageFormat.Jpeg,
            var other => throw new ArgumentException($"Images are saved as .png, .jpg or .jpeg. Received: \"{other}\" of {path}.",
                nameof(path)),
        };
        File.WriteAllBytes(path, Encode(format));
    }

    /// <summary>The picture as the content of a file.</summary>
    internal byte[] Encode(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(
            new SKImageInfo(Width, Height, SKColorType.Rgba8888, Channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque));
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
