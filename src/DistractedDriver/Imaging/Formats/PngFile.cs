using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace DistractedDriver.Imaging.Formats;

/// <summary>PNG files.</summary>
internal static class PngFile
{
    private const int Signature = 8, HeaderEnd = 33, ChunkFrame = 12;

    // The seven passes of an interlaced image: where each begins and how far its pixels lie apart (PNG, 8.2).
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static PixelImage Decode(byte[] content, string path)
    {
        if (content.Length < HeaderEnd) throw Unreadable.CutShort(path);
        var (width, height) = Size(content);
        Unreadable.CheckSize(height, width, path);
        var (bits, color) = (content[24], content[25]);
        content = Checked(content, path);
        var decoder = new PngDecoder();
        if (bits < 16) return SharpDecoder.Decode(content, path, decoder);
        if (color == 0) return SharpDecoder.DecodeGrey16(content, path, decoder);
        // Of 16 bits a colour Pillow takes the upper eight.
        return SharpDecoder.Decode<Rgba64>(content, path, decoder, pixels =>
        {
            var rgba = new uint[pixels.Length];
            for (var i = 0; i < rgba.Length; i++)
            {
                var pixel = pixels[i];
                rgba[i] = (uint)(pixel.R >> 8 | pixel.G & 0xff00 | (pixel.B & 0xff00) << 8 | (pixel.A & 0xff00) << 16);
            }
            return rgba;
        });
    }

    private static (long Width, long Height) Size(byte[] content) =>
        (BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(20)));

    // Whether all rows are there has to be counted: ImageSharp leaves black what is missing. A file that lacks only what follows the
    // pixels opens in Pillow: it is given back with its last chunk of pixels, and the image, closed.
    private static byte[] Checked(byte[] content, string path)
    {
        using var packed = new MemoryStream();
        var at = Signature;
        var isWhole = false;
        for (; at + 8 <= content.Length && !isWhole; at += ChunkFrame)
        {
            var kind = content.AsSpan(at + 4, 4);
            isWhole = kind.SequenceEqual("IEND"u8);
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at)), content.Length - at - 8);
            if (kind.SequenceEqual("IDAT"u8)) packed.Write(content, at + 8, length);
            at += length;
        }
        packed.Position = 0;
        if (Unpacked(packed) < PixelBytes(content)) throw Unreadable.CutShort(path);
        return isWhole && at <= content.Length ? content : Completed(content);
    }

    private static byte[] Completed(byte[] content)
    {
        using var completed = new MemoryStream();
        completed.Write(content, 0, Signature);
        for (var at = Signature; at + 8 < content.Length;)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at)), content.Length - at - 8);
            Write(completed, content.AsSpan(at + 4, 4), content.AsSpan(at + 8, length));
            at += ChunkFrame + length;
        }
        Write(completed, "IEND"u8, []);
        return completed.ToArray();
    }

    /// <summary>Writes a chunk: its length, kind, data and checksum.</summary>
    public static void Write(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(kind, data));
        file.Write(number);
    }

    // CRC-32 as PNG has it (annex D), bit by bit: it is needed for damaged files alone.
    private static uint Checksum(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var sum = uint.MaxValue;
        foreach (var value in (byte[])[.. kind, .. data])
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1) * 0xedb88320;
        }
        return ~sum;
    }

    private static long Unpacked(Stream packed)
    {
        var (buffer, total) = (new byte[1 << 16], 0L);
        try
        {
            using var unpacking = new ZLibStream(packed, CompressionMode.Decompress);
            while (unpacking.Read(buffer) is > 0 and var read) total += read;
        }
        catch (InvalidDataException)
        {
            // What came before counts.
        }
        return total;
    }

    // How many bytes the pixels have, each row with one more that says how it is filtered.
    private static long PixelBytes(byte[] content)
    {
        var (width, height) = Size(content);
        var bits = content[24] * (content[25] switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        });
        long Bytes(long columns, long rows) => columns == 0 ? 0 : rows * (1 + (columns * bits + 7) / 8);
        return content[28] == 0
            ? Bytes(width, height)
            : Passes.Sum(pass => Bytes((width - pass.X + pass.StepX - 1) / pass.StepX, (height - pass.Y + pass.StepY - 1) / pass.StepY));
    }
}
