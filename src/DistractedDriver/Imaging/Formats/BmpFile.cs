using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.PixelFormats;

namespace DistractedDriver.Imaging.Formats;

/// <summary>Windows bitmaps.</summary>
internal static class BmpFile
{
    private const int FileHeader = 14, OldHeader = 12, HeaderWithAlphaMask = 56, AlphaMaskAt = 66, BitFields = 3, AlphaBitFields = 6;

    public static PixelImage Decode(byte[] content, string path)
    {
        if (content.Length < FileHeader + 40) throw Unreadable.CutShort(path);
        int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));
        int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at));
        var (start, header) = (Int(10), Int(FileHeader));
        var isOld = header == OldHeader;
        var (width, height, bits, compression) = isOld
            ? (Short(18), Short(20), Short(24), 0)
            : (Int(18), Math.Abs((long)Int(22)), Short(28), Int(30));
        Unreadable.CheckSize(height, width, path);
        var isRaw = compression is 0 or BitFields or AlphaBitFields;
        // Rows are filled up to four bytes; of the last one nobody misses the filling.
        var row = ((long)width * bits + 7) / 8;
        if (isRaw && start + (row + 3) / 4 * 4 * (height - 1) + row > content.Length) throw Unreadable.CutShort(path);
        var hasAlpha = compression is BitFields or AlphaBitFields && header >= HeaderWithAlphaMask && Int(AlphaMaskAt) != 0;
        return SharpDecoder.Decode<Rgba32>(content, path, new BmpDecoder(), pixels =>
        {
            var rgba = new uint[pixels.Length];
            // The fourth byte of a pixel is alpha only where a mask says so.
            for (var i = 0; i < rgba.Length; i++) rgba[i] = pixels[i].PackedValue | (hasAlpha ? 0 : 0xff000000);
            return rgba;
        });
    }
}
