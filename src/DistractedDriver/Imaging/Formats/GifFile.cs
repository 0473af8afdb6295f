using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace DistractedDriver.Imaging.Formats;

/// <summary>GIF files, of an animation the first picture.</summary>
internal static class GifFile
{
    private const int ScreenEnd = 13, Extension = 0x21, GraphicControl = 0xf9, Picture = 0x2c, Trailer = 0x3b, MostCodes = 4096;

    public static PixelImage Decode(byte[] content, string path)
    {
        if (content.Length < ScreenEnd) throw Unreadable.CutShort(path);
        var (width, height) = (Short(content, 6), Short(content, 8));
        var palette = ScreenEnd;
        var (at, control) = (ScreenEnd + PaletteSize(content[10]), -1);
        while (true)
        {
            if (at >= content.Length) throw Unreadable.CutShort(path);
            if (content[at] == Picture) break;
            if (content[at] != Extension) throw Unreadable.Damaged(path);
            if (content[at + 1] == GraphicControl) control = at + 3;
            at = AfterBlocks(content, at + 2, path);
        }
        if (at + 10 >= content.Length) throw Unreadable.CutShort(path);
        var (left, top, columns, rows) = (Short(content, at + 1), Short(content, at + 3), Short(content, at + 5), Short(content, at + 7));
        Unreadable.CheckSize(Math.Max(height, top + rows), Math.Max(width, left + columns), path);
        var own = PaletteSize(content[at + 9]);
        if (own > 0) palette = at + 10;
        var end = AfterBlocks(content, at + 11 + own, path);
        // ImageSharp leaves black what is missing.
        if (CodedPixels(content, at + 10 + own) < columns * rows) throw Unreadable.CutShort(path);

        // The first picture alone, and its transparent pixels with the colours that the palette gives them, which Pillow keeps.
        byte[] first = [.. content.AsSpan(0, Math.Min(end, content.Length)), 0, Trailer];
        var isTransparent = control >= 0 && (content[control] & 1) != 0;
        var transparency = isTransparent ? content[control + 3] : -1;
        var alpha = isTransparent ? Pixels(first, path) : null;
        if (isTransparent) first[control] &= 0xfe;
        var pixels = Pixels(first, path);
        if (alpha is not null)
            for (var i = 0; i < pixels.Length; i++) pixels[i] = pixels[i] & 0xffffff | alpha[i] & 0xff000000;
        // What lies outside the picture has the transparent colour, or the palette's first.
        var around = palette + 3 * Math.Max(transparency, 0);
        var outside = (uint)(content[around] | content[around + 1] << 8 | content[around + 2] << 16) | (isTransparent ? 0 : 0xff000000);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if (y < top || y >= top + rows || x < left || x >= left + columns) pixels[y * width + x] = outside;
        return new(height, width, pixels);
    }

    private static uint[] Pixels(byte[] content, string path)
    {
        uint[] pixels = [];
        var decoder = new GifDecoder { DecodingMode = FrameDecodingMode.First };
        SharpDecoder.Decode<Rgba32>(content, path, decoder, decoded => pixels = MemoryMarshal.Cast<Rgba32, uint>(decoded).ToArray());
        return pixels;
    }

    // How many pixels the codes stand for: each new code for one pixel more than the code before it (GIF 89a, appendix F).
    private static long CodedPixels(byte[] content, int at)
    {
        var first = content[at++];
        if (first is < 1 or > 11) return 0;
        var (clear, lengths) = (1 << first, new int[MostCodes]);
        for (var code = 0; code < clear; code++) lengths[code] = 1;
        var (next, width, previous, pixels) = (clear + 2, first + 1, 0, 0L);
        var (bits, held) = (0u, 0);
        for (var left = 0; at < content.Length && (left > 0 || (left = content[at++]) > 0) && at < content.Length; left--)
        {
            bits |= (uint)content[at++] << held;
            held += 8;
            while (held >= width)
            {
                var code = (int)(bits & ((1u << width) - 1));
                (bits, held) = (bits >> width, held - width);
                if (code == clear + 1) return pixels;
                if (code == clear)
                {
                    (next, width, previous) = (clear + 2, first + 1, 0);
                    continue;
                }
                if (code > next || (code == next && previous == 0)) return pixels;
                if (previous > 0 && next < MostCodes) lengths[next++] = previous + 1;
                previous = lengths[code];
                pixels += previous;
                if (next == 1 << width && next < MostCodes) width++;
            }
        }
        return pixels;
    }

    // Blocks of data, each behind its length, up to one of length 0; that last one may be missing.
    private static int AfterBlocks(byte[] content, int at, string path)
    {
        while (at < content.Length && content[at] != 0) at += 1 + content[at];
        return at <= content.Length ? at + 1 : throw Unreadable.CutShort(path);
    }

    private static int PaletteSize(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));

    private static int Short(byte[] content, int at) => BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at));
}
