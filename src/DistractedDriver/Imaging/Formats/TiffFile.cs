using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace DistractedDriver.Imaging.Formats;

/// <summary>TIFF files, of several pages the first.</summary>
internal static class TiffFile
{
    static TiffFile() => Tiff.SetErrorHandler(new Silent());

    public static PixelImage Decode(byte[] content, string path)
    {
        try
        {
            using var file = Tiff.ClientOpen(path, "r", new MemoryStream(content), new TiffStream()) ?? throw Unreadable.Damaged(path);
            var page = new TiffPage(file, path);
            return TiffColors.Convert(page).Turned(page.Orientation);
        }
        catch (Exception error) when (error is not (InvalidDataException or OutOfMemoryException))
        {
            // Whatever the decoder stumbles over in a file that is not as it should be.
            throw Unreadable.Damaged(path, error);
        }
    }

    // What LibTiff finds fault with is said by what it then can't read.
    private sealed class Silent : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}

/// <summary>A TIFF file's page: how its samples lie, and the samples.</summary>
internal sealed class TiffPage
{
    private const int MostChannels = 16;
    private readonly Tiff _file;

    public TiffPage(Tiff file, string path)
    {
        (_file, Path) = (file, path);
        (Width, Height) = (Number(TiffTag.IMAGEWIDTH, 0), Number(TiffTag.IMAGELENGTH, 0));
        Unreadable.CheckSize(Height, Width, path);
        (Bits, Channels) = (Number(TiffTag.BITSPERSAMPLE, 1), Number(TiffTag.SAMPLESPERPIXEL, 1));
        (Photometric, Format) = ((Photometric)Number(TiffTag.PHOTOMETRIC, 0),
            (SampleFormat)Number(TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT));
        Orientation = Number(TiffTag.ORIENTATION, 1);
        var extra = file.GetField(TiffTag.EXTRASAMPLES);
        if (extra?[0].ToInt() > 0) Alpha = (ExtraSample)extra[1].ToShortArray()[0];
        if (Photometric == Photometric.YCBCR && (Compression)Number(TiffTag.COMPRESSION, 1) == Compression.JPEG)
        {
            file.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
            Photometric = Photometric.RGB;
        }
    }

    public string Path { get; }

    public int Width { get; }

    public int Height { get; }

    public int Bits { get; }

    public int Channels { get; }

    public Photometric Photometric { get; }

    public SampleFormat Format { get; }

    /// <summary>How the page is to be turned, by TIFF's numbers from 1 on.</summary>
    public int Orientation { get; }

    /// <summary>What the first sample behind the colours means; null where there is none.</summary>
    public ExtraSample? Alpha { get; }

    public FieldValue[] Palette => _file.GetField(TiffTag.COLORMAP) ?? throw Unreadable.Because(Path, "it has no palette");

    /// <summary>All samples, row by row, pixel by pixel; those of 32 bits as they are, smaller ones as numbers.</summary>
    public int[] Samples()
    {
        var isSeparate = (PlanarConfig)Number(TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == PlanarConfig.SEPARATE;
        var (planes, together) = isSeparate ? (Channels, 1) : (1, Channels);
        var isTiled = _file.IsTiled();
        var (tileWidth, tileHeight) = isTiled ? (Number(TiffTag.TILEWIDTH, 0), Number(TiffTag.TILELENGTH, 0)) : (Width, RowsPerStrip);
        if (tileWidth < 1 || tileHeight < 1 || Channels is < 1 or > MostChannels) throw Unreadable.Damaged(Path);
        Unreadable.CheckSize(tileHeight, tileWidth, Path);
        var row = isTiled ? _file.TileRowSize() : _file.ScanlineSize();
        var buffer = new byte[checked(row * tileHeight)];
        int[]? samples = null;
        for (int plane = 0, number = 0; plane < planes; plane++)
        {
            for (var top = 0; top < Height; top += tileHeight)
            {
                for (var left = 0; left < Width; left += tileWidth, number++)
                {
                    var rows = Math.Min(tileHeight, Height - top);
                    var read = isTiled
                        ? _file.ReadEncodedTile(number, buffer, 0, buffer.Length)
                        : _file.ReadEncodedStrip(number, buffer, 0, row * rows);
                    if (read < row * rows) throw Unreadable.CutShort(Path);
                    // Memory for all is taken only where the file holds what it says, as far as can be seen.
                    samples ??= new int[checked(Width * Height * Channels)];
                    for (var y = 0; y < rows; y++)
                    {
                        var line = buffer.AsSpan(y * row, row);
                        var columns = Math.Min(tileWidth, Width - left);
                        for (var x = 0; x < columns; x++)
                            for (var channel = 0; channel < together; channel++)
                                samples[((top + y) * Width + left + x) * Channels + plane + channel] = Sample(line, x * together + channel);
                    }
                }
            }
        }
        return samples!;
    }

    /// <summary>The page as LibTiff itself makes colours of it.</summary>
    public uint[] Rgba()
    {
        var pixels = new int[Width * Height];
        return _file.ReadRGBAImageOriented(Width, Height, pixels, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT, true)
            ? MemoryMarshal.Cast<int, uint>(pixels).ToArray()
            : throw Unreadable.Damaged(Path);
    }

    // The largest number, unsigned, stands for all rows.
    private int RowsPerStrip => Number(TiffTag.ROWSPERSTRIP, Height) is > 0 and var rows ? Math.Min(rows, Height) : Height;

    private int Sample(ReadOnlySpan<byte> line, int number) => Bits switch
    {
        8 => line[number],
        16 => MemoryMarshal.Cast<byte, ushort>(line)[number],
        32 => MemoryMarshal.Cast<byte, int>(line)[number],
        1 or 2 or 4 => line[number * Bits / 8] >> (8 - Bits - number * Bits % 8) & ((1 << Bits) - 1),
        _ => throw Unreadable.Because(Path, $"it is a TIFF file of {Bits} bits a value"),
    };

    private int Number(TiffTag tag, int otherwise) => _file.GetFieldDefaulted(tag) is { Length: > 0 } field ? field[0].ToInt() : otherwise;
}
