using System.Buffers.Binary;
using System.IO.Compression;
using DistractedDriver;
using DistractedDriver.Imaging;
using DistractedDriver.Imaging.Formats;
using Goldens;
using TorchSharp;

namespace LibraryTests.Imaging.Formats;

public sealed class ImageKindTests
{
    private static readonly string[] Kinds =
    [
        .. new[] { "formats", "odd" }.SelectMany(folder => Directory.GetFiles(Golden.PathOf(folder)))
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Files() => [.. Kinds.Select(file => Path.GetRelativePath(Golden.Folder, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_OfADamagedFile_GivesAnImageOrSaysWhichFile(string file)
    {
        var content = File.ReadAllBytes(Golden.PathOf(file));
        var random = new Random(7);
        for (var mutant = 0; mutant < 30; mutant++)
        {
            var changed = (byte[])content.Clone();
            for (var i = random.Next(4); i >= 0; i--) changed[
                random.Next(mutant % 2 == 0 ? Math.Min(64, changed.Length) : changed.Length)] = (byte)random.Next(256);
            if (mutant % 3 == 0) changed = changed[..random.Next(changed.Length)];
            try
            {
                ImageFile.Load(changed, "the.picture", (4, 4), 3, Interpolation.Get("bilinear"), new float[48]);
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith("the.picture ", error.Message);
            }
        }
    }

    [Fact]
    public void Decode_OfAPngWhoseRowsAreMissing_IsRefused()
    {
        var content = Png(40, 30, rows: 20);
        Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => ImageKind.Decode(content, "half.png")).Message);
        Assert.Equal((30, 40), (ImageKind.Decode(Png(40, 30, rows: 30), "p.png").Height, 40));
    }

    [Fact]
    public void Decode_OfAGifWhosePixelsAreMissing_IsRefused()
    {
        var content = File.ReadAllBytes(Golden.PathOf("odd/picture.gif"));
        var at = 13 + 3 * (2 << (content[10] & 7));
        while (content[at] == 0x21)
        {
            at += 2;
            while (content[at] != 0) at += 1 + content[at];
            at++;
        }
        var blocks = at + 11 + ((content[at + 9] & 0x80) == 0 ? 0 : 3 * (2 << (content[at + 9] & 7)));
        byte[] cut = [.. content[..(blocks + 1 + content[blocks])], 0, 0x3b];
        Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => ImageKind.Decode(cut, "half.gif")).Message);
    }

    [Theory]
    [InlineData("bomb.png")]
    [InlineData("bomb.gif")]
    [InlineData("bomb.bmp")]
    [InlineData("bomb.ppm")]
    [InlineData("bomb.jpg")]
    [InlineData("bomb.webp")]
    public void Decode_OfAFileThatClaimsTooManyPixels_IsRefusedByName(string name)
    {
        var content = name switch
        {
            "bomb.png" => Png(30000, 30000, rows: 1),
            "bomb.gif" => [.. "GIF89a"u8, 0x20, 0x4e, 0x20, 0x4e, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 0x20, 0x4e, 0x20,
                0x4e, 0, 2, 1, 0, 0, 0x3b],
            "bomb.bmp" => Changed("odd/picture.bmp", 18, [0, 0, 1, 0, 0, 0, 1, 0]),
            "bomb.ppm" => [.. "P6 30000 30000 255\n"u8, 0],
            "bomb.jpg" => Jpeg(),
            _ => [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 255, 255, 0],
        };
        var error = Assert.Throws<InvalidDataException>(() =>
            ImageFile.Load(content, name, (4, 4), 3, Interpolation.Get("nearest"), new float[48]));
        Assert.StartsWith(name, error.Message);
        Assert.Contains("178956970", error.Message);
    }

    [Fact]
    public void LoadImg_OfAStream_GivesWhatTheFileGivesAndLeavesItOpen()
    {
        var path = Golden.PathOf("formats/grey16.png");
        using var stream = new MemoryStream(File.ReadAllBytes(path));
        using var scope = torch.NewDisposeScope();
        var (read, file) = (Keras.Utils.LoadImg(stream, "grayscale", (9, 12), "bicubic"),
            Keras.Utils.LoadImg(path, "grayscale", (9, 12), "bicubic"));
        Assert.Equal(Keras.Utils.ImgToArray(file).data<float>().ToArray(), Keras.Utils.ImgToArray(read).data<float>().ToArray());
        Assert.True(Keras.Utils.ImgToArray(read).max().item<float>() > 255);
        Assert.True(stream.CanRead);
        Assert.StartsWith("The stream's content",
            Assert.Throws<InvalidDataException>(() => Keras.Utils.LoadImg(new MemoryStream([1, 2, 3]))).Message);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, -1)]
    public void LoadImg_WithATargetSizeBelowOne_IsRefused(int height, int width) => Assert.Contains("target size",
        Assert.Throws<ArgumentOutOfRangeException>(() => Keras.Utils.LoadImg(Golden.PathOf("odd/rgb.png"), targetSize: (height, width)))
            .Message);

    private static byte[] Jpeg()
    {
        var content = File.ReadAllBytes(Golden.PathOf("odd/baseline_444.jpg"));
        var frame = content.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
        content.AsSpan(frame + 5, 4).Fill(0xfe);
        return content;
    }

    private static byte[] Changed(string file, int at, byte[] bytes)
    {
        var content = File.ReadAllBytes(Golden.PathOf(file));
        bytes.CopyTo(content, at);
        return content;
    }

    private static byte[] Png(int width, int height, int rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 0);
        PngFile.Write(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) packing.Write(new byte[rows * (width + 1)]);
        PngFile.Write(file, "IDAT"u8, packed.ToArray());
        PngFile.Write(file, "IEND"u8, []);
        return file.ToArray();
    }
}
