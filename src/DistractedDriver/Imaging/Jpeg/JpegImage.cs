using System.Buffers;
using System.Buffers.Binary;
using DistractedDriver.Imaging.Formats;

namespace DistractedDriver.Imaging.Jpeg;

// Jpeg: photographs as cameras write them (ITU-T T.81, baseline and sequential Huffman coding, 8 bits, one scan, grey or YCbCr),
// decoded to libjpeg's last bit and faster than by a library that is to be had here. Whatever else a file holds, damage
// included, is left to the decoders of Formats. It knows of files and pixels alone.

/// <summary>A decoded JPEG file. Its colours are put together only where pixels are asked for.</summary>
internal sealed class JpegImage : IDecodedImage
{
    private readonly JpegPlane[] _planes;

    private JpegImage(int height, int width, JpegPlane[] planes) => (Height, Width, _planes) = (height, width, planes);

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>Reads a file.</summary>
    /// <returns>The image; null where the file is another kind of JPEG, no JPEG, damaged or not to be opened.</returns>
    public static JpegImage? TryRead(string path)
    {
        byte[]? bytes = null;
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            Span<byte> start = stackalloc byte[2];
            if (RandomAccess.Read(file, start, 0) < start.Length || start is not [0xff, 0xd8]) return null;
            var length = RandomAccess.GetLength(file);
            if (length > Array.MaxLength) return null;
            bytes = ArrayPool<byte>.Shared.Rent((int)length);
            var read = 0;
            while (read < length && RandomAccess.Read(file, bytes.AsSpan(read, (int)length - read), read) is > 0 and var more) read += more;
            return TryDecode(bytes.AsSpan(0, read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Decodes a file's bytes.</summary>
    /// <returns>The image; null where they are another kind of JPEG, no JPEG or damaged.</returns>
    public static JpegImage? TryDecode(ReadOnlySpan<byte> file)
    {
        if (JpegHeader.TryRead(file) is not { } header) return null;
        var planes = new JpegPlane[header.Components.Length];
        for (var i = 0; i < planes.Length; i++) planes[i] = new JpegPlane(header, header.Components[i]);
        var image = new JpegImage(header.Height, header.Width, planes);
        if (new JpegScan(header, planes).TryDecode(file[header.ScanStart..])) return image;
        image.Dispose();
        return null;
    }

    /// <summary>The pixels where rows and columns cross, as bytes of red, green, blue and 255 each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row or column lies outside the image.</exception>
    public void Pick(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<uint> pixels)
    {
        foreach (var row in rows) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Height, nameof(rows));
        foreach (var column in columns) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Width, nameof(columns));
        var colors = new JpegColors(_planes, columns);
        for (var y = 0; y < rows.Length; y++) colors.Row(rows[y], pixels.Slice(y * columns.Length, columns.Length));
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var plane in _planes) plane.Dispose();
    }
}

/// <summary>One component's samples, row by row, up to whole blocks.</summary>
internal sealed class JpegPlane : IDisposable
{
    public JpegPlane(JpegHeader header, JpegComponent component)
    {
        Component = component;
        (Height, Width) = (Share(header.Height, component.Vertical, header.MostVertical),
            Share(header.Width, component.Horizontal, header.MostHorizontal));
        Stride = header.McuColumns * component.Horizontal * InverseDct.Side;
        Samples = ArrayPool<byte>.Shared.Rent(Stride * header.McuRows * component.Vertical * InverseDct.Side);
        (IsHalfHigh, IsHalfWide) = (component.Vertical < header.MostVertical, component.Horizontal < header.MostHorizontal);
    }

    public JpegComponent Component { get; }

    /// <summary>How many rows and columns belong to the image.</summary>
    public int Height { get; }

    public int Width { get; }

    public int Stride { get; }

    public byte[] Samples { get; }

    /// <summary>Whether a sample stands for two rows, or two columns, of pixels.</summary>
    public bool IsHalfHigh { get; }

    public bool IsHalfWide { get; }

    public ReadOnlySpan<byte> Row(int y) => Samples.AsSpan(y * Stride, Width);

    public void Dispose() => ArrayPool<byte>.Shared.Return(Samples);

    private static int Share(int size, int factor, int most) => (size * factor + most - 1) / most;
}

/// <summary>One of a JPEG file's components.</summary>
/// <param name="Horizontal">Blocks across in a unit of coding.</param>
/// <param name="Vertical">Blocks down in a unit of coding.</param>
/// <param name="Quantization">What coefficients are multiplied by, in zigzag order.</param>
/// <param name="Dc">How a block's first coefficient is coded.</param>
/// <param name="Ac">How the others are.</param>
internal sealed record JpegComponent(int Horizontal, int Vertical, int[] Quantization, JpegHuffmanTable Dc, JpegHuffmanTable Ac);

/// <summary>What stands in a JPEG file before its samples.</summary>
internal sealed record JpegHeader(int Height, int Width, JpegComponent[] Components, int RestartInterval, int ScanStart)
{
    public int MostHorizontal { get; } = Components.Max(component => component.Horizontal);

    public int MostVertical { get; } = Components.Max(component => component.Vertical);

    public int McuColumns => (Width + MostHorizontal * InverseDct.Side - 1) / (MostHorizontal * InverseDct.Side);

    public int McuRows => (Height + MostVertical * InverseDct.Side - 1) / (MostVertical * InverseDct.Side);

    /// <returns>Null where the file is not of the kind that is decoded here.</returns>
    public static JpegHeader? TryRead(ReadOnlySpan<byte> file)
    {
        var (quantization, dc, ac) = (new int[4][], new JpegHuffmanTable?[4], new JpegHuffmanTable?[4]);
        var (restartInterval, isJfif, adobeTransform) = (0, false, -1);
        ReadOnlySpan<byte> frame = default;
        for (var at = 2; at + 4 <= file.Length;)
        {
            if (file[at] != 0xff) return null;
            var marker = file[at + 1];
            if (marker == 0xff)
            {
                at++;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return null;
            var segment = file.Slice(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xc0 or 0xc1:
                    if (!frame.IsEmpty || segment.Length < 6) return null;
                    frame = segment;
                    break;
                case 0xc4:
                    if (!JpegHuffmanTable.TryReadAll(segment, dc, ac)) return null;
                    break;
                case 0xdb:
                    if (!TryReadQuantization(segment, quantization)) return null;
                    break;
                case 0xdd:
                    if (segment.Length != 2) return null;
                    restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xe0:
                    isJfif |= segment.StartsWith("JFIF\0"u8);
                    break;
                case 0xee:
                    if (segment.Length >= 12 && segment.StartsWith("Adobe"u8)) adobeTransform = segment[11];
                    break;
                case 0xda:
                    return ReadComponents(frame, segment, isJfif, adobeTransform, quantization, dc, ac) is { } components
                        ? new(BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
                            components, restartInterval, at)
                        : null;
                case >= 0xe1 or 0xfe:
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    private static JpegComponent[]? ReadComponents(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> scan, bool isJfif, int adobeTransform, int[][] quantization, JpegHuffmanTable?[] dc,
            JpegHuffmanTable?[] ac)
    {
        if (frame.IsEmpty || frame[0] != 8 || frame[5] is not (1 or 3) || frame.Length != 6 + 3 * frame[5]) return null;
        var (height, width, count) = (BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
            frame[5]);
        if (height == 0 || width == 0 || Unreadable.IsTooLarge(height, width)) return null;
        // All components in one scan, with all their coefficients.
        if (scan.Length != 4 + 2 * count || scan[0] != count || !scan[^3..].SequenceEqual<byte>([0, 63, 0])) return null;
        // Three components are red, green and blue where a writer says so by an Adobe marker or by their names.
        var named = count == 3 && frame[6] == 1 && frame[9] == 2 && frame[12] == 3;
        if (count == 3 && !(isJfif || adobeTransform == 1 || (adobeTransform < 0 && named))) return null;
        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var entry = frame.Slice(6 + 3 * i, 3);
            var tables = scan.Slice(1 + 2 * i, 2);
            if (entry[0] != tables[0] || entry[2] > 3 || (tables[1] & 15) > 3 || tables[1] >> 4 > 3) return null;
            if (quantization[entry[2]] is not { } factors || dc[tables[1] >> 4] is not { } first
                || ac[tables[1] & 15] is not { } others) return null;
            // A component alone is coded block by block.
            components[i] = count == 1 ? new(1, 1, factors, first, others) : new(entry[1] >> 4, entry[1] & 15, factors, first, others);
        }
        if (count == 1) return components;
        // The colours at the brightness's size, or half as wide, or half as wide and high.
        var isKnown = (components[0].Horizontal, components[0].Vertical) is (1, 1) or (2, 1) or (2, 2)
            && components[1..].All(color => (color.Horizontal, color.Vertical) == (1, 1));
        // Narrower colours are not interpolated.
        return isKnown && (components[0].Horizontal == 1 || width > 4) ? components : null;
    }

    private static bool TryReadQuantization(ReadOnlySpan<byte> segment, int[][] tables)
    {
        while (!segment.IsEmpty)
        {
            var (isWide, number) = (segment[0] >> 4, segment[0] & 15);
            var size = 1 + InverseDct.Size * (isWide + 1);
            if (isWide > 1 || number > 3 || segment.Length < size) return false;
            var table = new int[InverseDct.Size];
            for (var i = 0; i < table.Length; i++) table[i] = isWide == 1
                ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * i)..])
                : segment[1 + i];
            tables[number] = table;
            segment = segment[size..];
        }
        return true;
    }
}
