using SixLabors.ImageSharp.Formats.Pbm;

namespace DistractedDriver.Imaging.Formats;

/// <summary>PBM, PGM and PPM files, as text or as bytes.</summary>
internal static class NetpbmFile
{
    public static PixelImage Decode(byte[] content, string path)
    {
        var (at, kind) = (2, content[1] - '0');
        var (isText, isBilevel, channels) = (kind <= 3, kind is 1 or 4, kind is 3 or 6 ? 3 : 1);
        var width = Number(content, ref at, path);
        var height = Number(content, ref at, path);
        var most = isBilevel ? 1 : Number(content, ref at, path);
        Unreadable.CheckSize(height, width, path);
        if (most is < 1 or > ushort.MaxValue) throw Unreadable.Because(path, $"its largest value is said to be {most}");
        var samples = height * width * channels;
        if (isText)
        {
            for (var i = 0L; i < samples; i++)
            {
                if (isBilevel) Digit(content, ref at, path);
                else Number(content, ref at, path);
            }
        }
        else if (content.Length - at - 1 < (isBilevel ? (width + 7) / 8 * height : samples * (most > byte.MaxValue ? 2 : 1)))
        {
            throw Unreadable.CutShort(path);
        }
        var decoder = new PbmDecoder();
        return channels == 1 && most > byte.MaxValue
            ? SharpDecoder.DecodeGrey16(content, path, decoder)
            : SharpDecoder.Decode(content, path, decoder);
    }

    private static long Number(byte[] content, ref int at, string path)
    {
        Digit(content, ref at, path);
        long number = content[at - 1] - '0';
        for (; at < content.Length && char.IsAsciiDigit((char)content[at]); at++)
        {
            number = number * 10 + content[at] - '0';
            if (number > int.MaxValue) throw Unreadable.Damaged(path);
        }
        return number;
    }

    // Behind spaces and comments.
    private static void Digit(byte[] content, ref int at, string path)
    {
        for (; at < content.Length; at++)
        {
            if (content[at] == '#') at = Array.IndexOf(content, (byte)'\n', at) is >= 0 and var end ? end : content.Length - 1;
            else if (!char.IsWhiteSpace((char)content[at])) break;
        }
        if (at >= content.Length) throw Unreadable.CutShort(path);
        if (!char.IsAsciiDigit((char)content[at++])) throw Unreadable.Damaged(path);
    }
}
