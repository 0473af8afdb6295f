using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Webp;

namespace DistractedDriver.Imaging.Formats;

/// <summary>WebP files, of an animation the first picture.</summary>
internal static class WebPFile
{
    private const int RiffHeader = 8, FirstChunk = 12, AnimationFlag = 2;

    public static PixelImage Decode(byte[] content, string path)
    {
        if (content.Length < FirstChunk + 14) throw Unreadable.CutShort(path);
        if (!content.AsSpan(RiffHeader).StartsWith("WEBP"u8)) throw Unreadable.Because(path, "it is a RIFF file and no WebP image");
        if (content.Length < RiffHeader + (long)BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(4))) throw Unreadable.CutShort(path);
        var first = content.AsSpan(FirstChunk);
        if (first.StartsWith("VP8X"u8) && (first[8] & AnimationFlag) != 0) return SkiaDecoder.Decode(content, path);
        var (height, width) = Size(first);
        Unreadable.CheckSize(height, width, path);
        return SharpDecoder.Decode(content, path, new WebpDecoder());
    }

    // By the container's header, the lossless or the lossy one (RFC 9649).
    private static (long Height, long Width) Size(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8X"u8))
            return (1 + (BinaryPrimitives.ReadUInt32LittleEndian(chunk[14..]) >> 8),
                1 + (BinaryPrimitives.ReadUInt32LittleEndian(chunk[12..]) & 0xffffff));
        if (!chunk.StartsWith("VP8L"u8))
            return (BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3fff,
                BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3fff);
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
        return (1 + ((bits >> 14) & 0x3fff), 1 + (bits & 0x3fff));
    }
}
