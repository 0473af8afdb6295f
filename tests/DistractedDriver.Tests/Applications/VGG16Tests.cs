using DistractedDriver.Applications;
using Goldens;

namespace LibraryTests;

public sealed class VGG16Tests
{
    [Fact]
    public void Weights_OfAnotherNetwork_AreRefusedAndNameTheFile()
    {
        var path = Golden.PathOf("weights/small_legacy.weights.legacy.h5");
        var error = Assert.Throws<InvalidDataException>(() => Applications.VGG16(includeTop: false, weights: path));
        Assert.Contains(path, error.Message);
        Assert.Contains("another network", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Weights_CutOff_AreRefusedAndNameTheFile(int length)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("cut.h5");
        File.WriteAllBytes(path, File.ReadAllBytes(Golden.Vgg16Weights)[..length]);
        var error = Assert.Throws<InvalidDataException>(() => Applications.VGG16(includeTop: false, weights: path));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Imagenet_WithoutNetworkOrCache_UsesTheBundledCopyAndOtherFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        var source = new PretrainedWeights(folder.Path,
            mirror: "http://127.0.0.1:1")
        { Bundled = Path.GetDirectoryName(Golden.Vgg16Weights)! };
        var file = new PretrainedFile("a.h5", "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/a.h5",
            new string('0', 32), "vgg16_imagenet_notop_f16.h5");

        Assert.Equal(Golden.Vgg16Weights, source.Resolve("VGG16", file, _ => { }));
        var error = Assert.Throws<FileNotFoundException>(() => source.Resolve("VGG16", file with { BundledCopy = null }, _ => { }));

        Assert.Contains("http://127.0.0.1:1/vgg16/a.h5", error.Message);
        Assert.Contains(folder.Path, error.Message);
        Assert.Contains("weights: null", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Imagenet_InTheCache_IsUsedOnlyWithTheRightHash()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.h5"), "abc");
        var source = new PretrainedWeights(folder.Path, mirror: "http://127.0.0.1:1");
        // MD5("abc"), RFC 1321, appendix A.5.
        var file = new PretrainedFile("a.h5", "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/a.h5",
            "900150983cd24fb0d6963f7d28e17f72", null);

        Assert.Equal(folder.File("a.h5"), source.Resolve("VGG16", file, _ => { }));
        Assert.Throws<FileNotFoundException>(() => source.Resolve("VGG16", file with { Md5 = new string('0', 32) }, _ => { }));
    }
}
