namespace DistractedDriver.Imaging.Formats;

/// <summary>A decoded image whose pixels lie in memory.</summary>
internal sealed class PixelImage : IDecodedImage
{
    private readonly uint[] _pixels;

    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="pixels">Bytes of red, green, blue and alpha each, row by row.</param>
    public PixelImage(int height, int width, uint[] pixels) => (Height, Width, _pixels) = (height, width, pixels);

    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="grey">16-bit brightness, row by row.</param>
    public PixelImage(int height, int width, ushort[] grey)
        : this(height, width, Array.ConvertAll(grey, Clipped)) => Grey16 = grey;

    public int Height { get; }

    public int Width { get; }

    public ushort[]? Grey16 { get; }

    public void Pick(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<uint> pixels)
    {
        for (var y = 0; y < rows.Length; y++)
        {
            var from = _pixels.AsSpan(rows[y] * Width, Width);
            var to = pixels.Slice(y * columns.Length, columns.Length);
            for (var x = 0; x < columns.Length; x++) to[x] = from[columns[x]];
        }
    }

    /// <summary>The image as it is to be looked at.</summary>
    /// <param name="orientation">By TIFF's numbers: 1 as it lies, 3 upside down, 6 to be turned right, 8 to be turned left …</param>
    public PixelImage Turned(int orientation)
    {
        if (orientation is <= 1 or > 8) return this;
        var (height, width) = orientation >= 5 ? (Width, Height) : (Height, Width);
        var places = new int[height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (row, column) = orientation switch
                {
                    2 => (y, Width - 1 - x),
                    3 => (Height - 1 - y, Width - 1 - x),
                    4 => (Height - 1 - y, x),
                    5 => (x, y),
                    6 => (Height - 1 - x, y),
                    7 => (Height - 1 - x, Width - 1 - y),
                    _ => (x, Width - 1 - y),
                };
                places[y * width + x] = row * Width + column;
            }
        }
        return Grey16 is { } grey
            ? new(height, width, Array.ConvertAll(places, i => grey[i]))
            : new(height, width, Array.ConvertAll(places, i => _pixels[i]));
    }

    public void Dispose()
    {
    }

    // Pillow cuts 16-bit grey off at 255 where colours are asked for.
    private static uint Clipped(ushort value) => Math.Min(value, (ushort)255) * 0x10101u | 0xff000000u;
}
