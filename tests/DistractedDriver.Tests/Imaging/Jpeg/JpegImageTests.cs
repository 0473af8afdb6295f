using System.Runtime.InteropServices;
using DistractedDriver.Imaging;
using DistractedDriver.Imaging.Formats;
using DistractedDriver.Imaging.Jpeg;
using SkiaSharp;

namespace LibraryTests;

public sealed class JpegImageTests
{
    public static TheoryData<int, int, SKJpegEncoderDownsample, int> Kinds()
    {
        var kinds = new TheoryData<int, int, SKJpegEncoderDownsample, int>();
        foreach (var (width, height) in new[] { (8, 8), (5, 1), (17, 33), (97, 61), (64, 48) })
            foreach (var downsample in Enum.GetValues<SKJpegEncoderDownsample>())
                foreach (var quality in new[] { 5, 60, 100 }) kinds.Add(width, height, downsample, quality);
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryDecode_GivesTheSameBytesAsTheGeneralDecoder(int width, int height, SKJpegEncoderDownsample downsample, int quality)
    {
        using var image = JpegImage.TryDecode(Encode(width, height, downsample, quality));
        Assert.NotNull(image);
        using var expected = SKBitmap.Decode(Encode(width, height, downsample, quality),
            new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Assert.Equal(MemoryMarshal.Cast<byte, uint>(expected.GetPixelSpan()).ToArray(), All(image));
    }

    [Fact]
    public void TryRead_OfAFileWithRestartMarkers_GivesTheSameBytesAsTheGeneralDecoder()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Imaging", "Jpeg", "restart_420.jpg");
        using var image = JpegImage.TryRead(path);
        Assert.NotNull(image);
        using var expected = SkiaDecoder.Decode(File.ReadAllBytes(path), path);
        Assert.Equal(All(expected), All(image));
    }

    [Fact]
    public void Pick_OfSomeRowsAndColumns_GivesThosePixels()
    {
        using var image = JpegImage.TryDecode(Encode(97, 61, SKJpegEncoderDownsample.Downsample420, 80))!;
        var all = All(image);
        int[] rows = [60, 0, 31], columns = [96, 3, 3, 0, 50];
        var picked = new uint[rows.Length * columns.Length];
        image.Pick(rows, columns, picked);
        Assert.Equal(rows.SelectMany(y => columns.Select(x => all[y * 97 + x])), picked);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Pick([0], [97], new uint[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Pick([61], [0], new uint[1]));
    }

    [Fact]
    public void TryDecode_OfAFileThatIsCutOff_LeavesItAlone()
    {
        var whole = Encode(33, 17, SKJpegEncoderDownsample.Downsample420, 60);
        for (var length = 0; length < whole.Length - 2; length++) Assert.Null(JpegImage.TryDecode(whole.AsSpan(0, length)));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("cut.jpg"), whole.AsSpan(0, whole.Length / 2));
        foreach (var name in new[] { "cut.jpg", "none.jpg" })
            Assert.Contains(name,
                Assert.Throws<InvalidDataException>(() =>
                    ImageFile.Load(folder.File(name), (8, 8), 3, Interpolation.Get("nearest"), new float[8 * 8 * 3])).Message);
    }

    [Fact]
    public void TryDecode_OfDamagedFiles_NeverGoesBeyondItsMemory()
    {
        var random = new Random(1);
        var whole = Encode(33, 17, SKJpegEncoderDownsample.Downsample420, 60);
        var decoded = 0;
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var damaged = whole.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            using var image = JpegImage.TryDecode(damaged);
            if (image is null) continue;
            decoded++;
            if (image.Width * image.Height < 1 << 16) Assert.Equal(image.Width * image.Height, All(image).Length);
        }
        Assert.InRange(decoded, 1, 2999);
    }

    private static uint[] All(IDecodedImage image)
    {
        var pixels = new uint[image.Width * image.Height];
        image.Pick([.. Enumerable.Range(0, image.Height)], [.. Enumerable.Range(0, image.Width)], pixels);
        return pixels;
    }

    // Colours that go over into each other, and some that do not.
    private static byte[] Encode(int width, int height, SKJpegEncoderDownsample downsample, int quality)
    {
        var random = new Random(width * height);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, random.Next(4) == 0
                    ? new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256))
                    : new SKColor((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)(x * y)));
        using var pixels = bitmap.PeekPixels();
        using var encoded = pixels.Encode(new SKJpegEncoderOptions(quality, downsample, SKJpegEncoderAlphaOption.Ignore))!;
        return encoded.ToArray();
    }
}
