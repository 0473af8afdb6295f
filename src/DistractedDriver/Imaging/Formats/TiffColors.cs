using BitMiracle.LibTiff.Classic;

namespace DistractedDriver.Imaging.Formats;

/// <summary>What a TIFF file's samples mean, as Pillow takes them.</summary>
internal static class TiffColors
{
    public static PixelImage Convert(TiffPage page)
    {
        // Colours that are stored by brightness and two differences, not as JPEG, LibTiff makes of them itself.
        if (page.Photometric == Photometric.YCBCR) return new(page.Height, page.Width, page.Rgba());
        var samples = page.Samples();
        var pixels = new uint[page.Width * page.Height];
        var isGrey = page.Photometric is Photometric.MINISBLACK or Photometric.MINISWHITE;
        if (isGrey && page is { Bits: 16, Channels: 1, Format: SampleFormat.UINT })
            return new(page.Height, page.Width, Array.ConvertAll(samples, sample => (ushort)sample));
        if (isGrey && page is { Bits: 32, Channels: 1, Format: SampleFormat.IEEEFP })
            samples = Array.ConvertAll(samples, sample => (int)Math.Clamp(BitConverter.Int32BitsToSingle(sample), 0, 255));
        else if (page.Format != SampleFormat.UINT || page.Bits > 16)
            throw Unreadable.Because(page.Path, $"it is a TIFF file of {page.Bits}-bit values of kind {page.Format}");
        Func<ReadOnlySpan<int>, uint> pixel = page.Photometric switch
        {
            Photometric.MINISBLACK => sample => Grey(Byte(sample[0], page.Bits)),
            Photometric.MINISWHITE => sample => Grey(255 - Byte(sample[0], page.Bits)),
            Photometric.RGB when page.Channels >= 3 =>
                sample => Rgb(Byte(sample[0], page.Bits), Byte(sample[1], page.Bits), Byte(sample[2], page.Bits)),
            Photometric.SEPARATED when page.Channels >= 4 && page.Bits >= 8 => sample => Cmyk(sample, page.Bits),
            Photometric.PALETTE when page.Bits <= 8 => Paletted(page),
            _ => throw Unreadable.Because(page.Path, $"it is a TIFF file of {page.Channels} values a pixel of kind {page.Photometric}"),
        };
        var colors = page.Photometric switch
        {
            Photometric.RGB => 3,
            Photometric.SEPARATED => 4,
            _ => 1,
        };
        for (var i = 0; i < pixels.Length; i++)
        {
            var sample = samples.AsSpan(i * page.Channels, page.Channels);
            pixels[i] = pixel(sample);
            if (page.Channels > colors && colors != 4) pixels[i] = WithAlpha(pixels[i], Byte(sample[colors], page.Bits), page.Alpha);
        }
        return new(page.Height, page.Width, pixels);
    }

    private static uint WithAlpha(uint color, uint alpha, ExtraSample? meaning)
    {
        if (meaning == ExtraSample.UNASSALPHA) return color & 0xffffff | alpha << 24;
        if (meaning != ExtraSample.ASSOCALPHA) return color;
        if (alpha == 0) return 0;
        uint Whole(int shift) => Math.Min(255, (color >> shift & 255) * 255 / alpha) << shift;
        return Whole(0) | Whole(8) | Whole(16) | alpha << 24;
    }

    private static Func<ReadOnlySpan<int>, uint> Paletted(TiffPage page)
    {
        ushort[][] palette = [.. page.Palette.Select(colors => colors.ToUShortArray())];
        return sample => Rgb((uint)palette[0][sample[0]] >> 8, (uint)palette[1][sample[0]] >> 8, (uint)palette[2][sample[0]] >> 8);
    }

    // Fewer bits are stretched to eight, of more the upper eight are taken.
    private static uint Byte(int sample, int bits) => bits switch
    {
        16 => (uint)sample >> 8,
        1 or 2 or 4 => (uint)(sample * 255 / ((1 << bits) - 1)),
        _ => (uint)sample,
    };

    private static uint Grey(uint value) => Rgb(value, value, value);

    private static uint Rgb(uint red, uint green, uint blue) => red | green << 8 | blue << 16 | 0xff000000;

    // Without a colour profile, rounded as Pillow does: what black leaves, less the ink's share of it.
    private static uint Cmyk(ReadOnlySpan<int> sample, int bits)
    {
        var light = 255 - (int)Byte(sample[3], bits);
        uint Left(int ink)
        {
            var product = ink * light + 128;
            return (uint)Math.Max(0, light - (((product >> 8) + product) >> 8));
        }
        return Rgb(Left((int)Byte(sample[0], bits)), Left((int)Byte(sample[1], bits)), Left((int)Byte(sample[2], bits)));
    }
}
