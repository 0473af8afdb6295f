using System.Buffers.Binary;

namespace DistractedDriver.Imaging.Formats;

/// <summary>JPEG files that our own decoder leaves: progressive ones, CMYK, damaged ones.</summary>
internal static class JpegFile
{
    public static PixelImage Decode(byte[] content, string path)
    {
        // The decoder fills up with grey what is not there.
        if (!IsWhole(content)) throw Unreadable.CutShort(path);
        return SkiaDecoder.Decode(content, path);
    }

    // From marker to marker until the end of the image; a scan's data go on to the next marker that is no restart (T.81, B.1.1).
    private static bool IsWhole(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 1 < file.Length;)
        {
            if (file[at] != 0xff)
            {
                at++;
                continue;
            }
            switch (file[at + 1])
            {
                case 0xd9:
                    return true;
                case 0xff:
                    at++;
                    break;
                case 0 or (>= 0xd0 and <= 0xd8):
                    at += 2;
                    break;
                default:
                    if (at + 4 > file.Length) return false;
                    at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
                    break;
            }
        }
        return false;
    }
}
