using System.Runtime.InteropServices;
using DistractedDriver.Core;
using DistractedDriver.Imaging;
using DistractedDriver.Layers;
using SkiaSharp;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Reports;

/// <summary>Small pictures in rows, each with a line of text below it: a contact sheet.</summary>
[TypeFormatterSource(typeof(DisplayableFormatters), PreferredMimeTypes = [MimeTypes.Jpeg])]
public sealed class ImageGrid : Displayable
{
    private const int Gap = 4, TextHeight = 16, Quality = 82;
    private readonly byte[] _jpeg;
    private readonly string _description;

    private ImageGrid(SKBitmap[] tiles, IReadOnlyList<string>? captions, int columns, int tileWidth, bool smooth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tileWidth, 1);
        if (captions is not null && captions.Count != tiles.Length)
            throw new ArgumentException(
                $"There must be as many captions as pictures. Received: {captions.Count} captions, {tiles.Length} pictures.",
                    nameof(captions));
        columns = Math.Min(columns, tiles.Length);
        var rows = (tiles.Length + columns - 1) / columns;
        var height = tileWidth * tiles[0].Height / tiles[0].Width;
        var lines = captions?.Max(caption => caption.Count(letter => letter == '\n') + 1) ?? 0;
        var (stepX, stepY) = (tileWidth + Gap, height + Gap + lines * TextHeight);
        using var sheet = new SKBitmap(columns * stepX + Gap, rows * stepY + Gap);
        using (var canvas = new SKCanvas(sheet))
        using (var font = new SKFont(ReportTypeface.Typeface, 11))
        using (var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true })
        {
            canvas.Clear(SKColors.White);
            var sampling = smooth
                ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
                : new SKSamplingOptions(SKFilterMode.Nearest);
            for (var i = 0; i < tiles.Length; i++)
            {
                var (x, y) = (Gap + i % columns * stepX, Gap + i / columns * stepY);
                using var image = SKImage.FromBitmap(tiles[i]);
                canvas.DrawImage(image, new SKRect(x, y, x + tileWidth, y + height), sampling);
                if (captions is null) continue;
                canvas.Save();
                canvas.ClipRect(new SKRect(x, y + height, x + tileWidth, y + stepY));
                foreach (var (line, text) in captions[i].Split('\n').Index())
                    canvas.DrawText(text, x, y + height + 12 + line * TextHeight, SKTextAlign.Left, font, ink);
                canvas.Restore();
            }
        }
        using var data = sheet.Encode(SKEncodedImageFormat.Jpeg, Quality);
        _jpeg = data.ToArray();
        _description = $"{tiles.Length} pictures, {columns} in a row";
    }

    /// <summary>Shows image files.</summary>
    /// <param name="paths">The files, at least one.</param>
    /// <param name="captions">Text for each, in one line or more; none by default.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="tileWidth">How many pixels wide each is shown.</param>
    /// <exception cref="InvalidDataException">A file can't be read as an image.</exception>
    /// <exception cref="ArgumentException">There are no pictures, or another number of captions.</exception>
    public static ImageGrid OfFiles(IEnumerable<string> paths, IReadOnlyList<string>? captions = null, int columns = 5, int tileWidth = 160)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Show([.. paths.Select(Tile)], captions, columns, tileWidth, smooth: true);
    }

    /// <summary>Shows a batch of images as a network gets them.</summary>
    /// <param name="images">(batch, height, width, 3). The least value of them all is shown as 0, the greatest as full light.</param>
    /// <param name="captions">Text for each, in one line or more; none by default.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="tileWidth">How many pixels wide each is shown.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or there is another number of captions.</exception>
    public static ImageGrid OfBatch(Tensor images, IReadOnlyList<string>? captions = null, int columns = 5, int tileWidth = 160)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4
            || images.shape[3] != 3) throw new ArgumentException(
                $"A batch of images is of shape (batch, height, width, 3). Received: ({string.Join(", ", images.shape)}).", nameof(images));
        using var scope = torch.NewDisposeScope();
        return Show(Tiles(images, perTile: false), captions, columns, tileWidth, smooth: true);
    }

    /// <summary>Shows what a convolution's filters look for: each filter's weights as a small picture.</summary>
    /// <param name="layer">A convolution over the colours of an image.</param>
    /// <param name="bgr">Whether it takes the colours in the order blue, green, red, as VGG16 does.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="tileWidth">How many pixels wide each is shown.</param>
    /// <exception cref="ArgumentException">The layer has no kernel over three channels.</exception>
    public static ImageGrid OfFilters(Layer layer, bool bgr = false, int columns = 16, int tileWidth = 40)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Weights is not [{ Shape.Count: 4 } kernel, ..] || kernel.Shape[2] != 3)
            throw new ArgumentException($"Only filters over three colours can be shown as pictures; the layer '{layer.Name}' has none.",
                nameof(layer));
        using var scope = torch.NewDisposeScope();
        // Height, width, colour, filter → a small picture a filter.
        var filters = torch.tensor(kernel.ToArray(), [.. kernel.Shape.Select(size => (long)size!.Value)]).permute(3, 0, 1, 2);
        if (bgr) filters = filters.flip(3);
        return Show(Tiles(filters, perTile: true), null, columns, tileWidth, smooth: false);
    }

    /// <summary>Shows what a layer found in one image: a grey picture for each of its channels.</summary>
    /// <param name="features">(1, height, width, channels).</param>
    /// <param name="count">How many channels, from the first.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="tileWidth">How many pixels wide each is shown.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static ImageGrid OfFeatureMaps(Tensor features, int count = 16, int columns = 8, int tileWidth = 100)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 4
            || features.shape[0] != 1) throw new ArgumentException(
                $"The features of one image are of shape (1, height, width, channels). Received: ({string.Join(", ", features.shape)}).",
                    nameof(features));
        using var scope = torch.NewDisposeScope();
        var maps = features[0].permute(2, 0, 1).slice(0, 0, Math.Min(count, features.shape[3]), 1).unsqueeze(3).expand(-1, -1, -1, 3);
        return Show(Tiles(maps, perTile: true), null, columns, tileWidth, smooth: false);
    }

    /// <summary>The grid in a few words.</summary>
    public override string ToString() => _description;

    internal override string? As(string mimeType) => mimeType == MimeTypes.Jpeg ? Convert.ToBase64String(_jpeg) : null;

    private static ImageGrid Show(SKBitmap[] tiles, IReadOnlyList<string>? captions, int columns, int tileWidth, bool smooth)
    {
        try
        {
            return tiles.Length > 0
                ? new ImageGrid(tiles, captions, columns, tileWidth, smooth)
                : throw new ArgumentException("There are no pictures to show.");
        }
        finally
        {
            foreach (var tile in tiles) tile.Dispose();
        }
    }

    private static SKBitmap Tile(string path)
    {
        using var image = ImageFile.Open(path);
        var tile = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        int[] rows = [.. Enumerable.Range(0, image.Height)], columns = [.. Enumerable.Range(0, image.Width)];
        image.Pick(rows, columns, MemoryMarshal.Cast<byte, uint>(tile.GetPixelSpan()));
        return tile;
    }

    // Scales values to grey levels, over all pictures or over each alone.
    private static SKBitmap[] Tiles(Tensor pictures, bool perTile)
    {
        var values = pictures.detach().cpu().to_type(torch.ScalarType.Float32);
        var low = perTile ? values.amin([1, 2, 3], keepdim: true) : values.amin([0, 1, 2, 3], keepdim: true);
        var high = perTile ? values.amax([1, 2, 3], keepdim: true) : values.amax([0, 1, 2, 3], keepdim: true);
        var levels = ((values - low) / (high - low).clamp(min: 1e-12f) * 255).round().to_type(torch.ScalarType.Byte);
        var opaque = torch.full([.. levels.shape.Take(3), 1], 255, torch.ScalarType.Byte);
        var pixels = torch.cat([levels, opaque], 3).contiguous();
        var (count, height, width) = ((int)pixels.shape[0], (int)pixels.shape[1], (int)pixels.shape[2]);
        var bytes = pixels.bytes;
        var tiles = new SKBitmap[count];
        for (var i = 0; i < count; i++)
        {
            tiles[i] = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
            bytes.Slice(i * width * height * 4, width * height * 4).CopyTo(tiles[i].GetPixelSpan());
        }
        return tiles;
    }
}
