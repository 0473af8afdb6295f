using System.IO.Compression;
using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Goldens;

namespace LibraryTests;

/// <summary>Weights files with something that Keras never writes; make_hostile.py made them.</summary>
public sealed class HostileFileTests
{
    private static readonly float[] Kernel = [0, 1, 2, 3, 4, 5];

    [Theory]
    [InlineData("plain")]
    [InlineData("plain_latest")]
    [InlineData("bfloat16")]
    [InlineData("gzip")]
    public void LoadWeights_OfWhatPeopleMayWrite_ReadsThem(string name)
    {
        using var model = Network();
        model.LoadWeights(PathOf(name));
        Assert.Equal(Kernel, model.GetWeights()[0]);
        Assert.Equal([0.5f, -0.5f], model.GetWeights()[1]);
    }

    [Theory]
    [InlineData("integers", "FixedPoint")]
    [InlineData("unsigned", "FixedPoint")]
    [InlineData("complex", "Compound")]
    [InlineData("compound", "Compound")]
    [InlineData("strings", "String")]
    [InlineData("opaque", "Opaque")]
    [InlineData("soft_link_to_itself", "another name")]
    [InlineData("soft_link_to_itself_latest", "another name")]
    [InlineData("soft_link", "another name")]
    [InlineData("external_link", "another file")]
    [InlineData("external_link_old", "link to another")]
    [InlineData("external_storage", "lies in other files")]
    [InlineData("virtual", "put together from other arrays")]
    [InlineData("within_itself", "within itself")]
    [InlineData("big_endian", "big-endian")]
    [InlineData("checksums", "filter 3")]
    [InlineData("huge", "shape (1073741824, 1024)")]
    [InlineData("huge_chunk", "chunks of 2048 MiB")]
    public void LoadWeights_OfWhatIsNoWeights_NamesTheFileAndWhatIsWrongAndChangesNothing(string name, string named)
    {
        using var model = Network();
        var before = model.GetWeights();
        var error = Assert.Throws<InvalidDataException>(() => model.LoadWeights(PathOf(name)));
        Assert.Contains(PathOf(name), error.Message);
        Assert.Contains(named, error.Message);
        Assert.Equal(before, model.GetWeights());
    }

    [Fact]
    public void LoadModel_OfAnArchiveWithAFlippedBit_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Golden.PathOf("saving/adam_keras3.keras"));
        // In the middle of the weights, which are stored as they are.
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.File("a.keras"), bytes);
        var error = Assert.Throws<InvalidDataException>(() => Keras.LoadModel(folder.File("a.keras")));
        Assert.Contains("checksum", error.Message);
        Assert.Contains(folder.File("a.keras"), error.Message);
    }

    [Fact]
    public void LoadModel_OfAnArchiveThatUnpacksToMuchMore_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using (var archive = ZipFile.Open(folder.File("a.keras"), ZipArchiveMode.Create))
        {
            foreach (var name in new[] { "config.json", "model.weights.h5" })
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                entry.Write(new byte[20_000_000]);
            }
        }
        Assert.Contains("unpack", Assert.Throws<InvalidDataException>(() => Keras.LoadModel(folder.File("a.keras"))).Message);
    }

    [Theory]
    [InlineData("adam_keras2.h5")]
    [InlineData("adam_keras3.keras")]
    public void LoadModel_OfAFileWithAByteChanged_LoadsOrSaysWhichFileIsBroken(string file)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Golden.PathOf($"saving/{file}"));
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var broken = bytes.ToArray();
            for (var change = 0; change < 3; change++) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            if (i % 3 == 0) broken = broken[..random.Next(broken.Length)];
            File.WriteAllBytes(folder.File(file), broken);
            try
            {
                Keras.LoadModel(folder.File(file)).Dispose();
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(folder.File(file), error.Message);
            }
        }
    }

    private static Model Network()
    {
        var input = Keras.Input(3);
        return new Model(input, new Dense(2, name: "dense").Apply(input));
    }

    private static string PathOf(string name) =>
        Path.Combine(Golden.Root, "tests", "DistractedDriver.Tests", "Saving", "hostile", $"{name}.h5");
}
