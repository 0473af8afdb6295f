using DistractedDriver.Preprocessing;
using Goldens;

namespace LibraryTests;

public sealed class ImageDataGeneratorTests
{
    private static readonly string Val = Golden.PathOf("imgs/val");

    [Fact]
    public void Scaling_ByAnUnknownInterpolation_NamesThoseThereAre() =>
        Assert.Contains("\"lanczos\"",
            Assert.Throws<ArgumentException>(() => new ImageDataGenerator().FlowFromDirectory(Val, interpolation: "cubic")).Message);

    [Fact]
    public void FlowFromDirectory_WithoutUsableImages_NamesTheFolderOrTheFile()
    {
        using var folder = new TemporaryFolder();
        var generator = new ImageDataGenerator();
        Assert.Contains(folder.File("none"),
            Assert.Throws<DirectoryNotFoundException>(() => generator.FlowFromDirectory(folder.File("none"))).Message);
        Assert.Contains(folder.Path, Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path)).Message);
        Directory.CreateDirectory(folder.File("c0"));
        Assert.Contains(folder.File("c0"), Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path)).Message);
        var broken = folder.File("c0/broken.jpg");
        File.WriteAllText(broken, "no image");
        Assert.Contains(broken, Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path).Next()).Message);
    }
}
