using TorchSharp;

namespace DistractedDriver.Tests;

public sealed class VGG16Tests
{
    [Fact]
    public void Outputs_OfEveryBlock_EqualKeras()
    {
        using var base16 = Applications.VGG16(includeTop: false, inputShape: (64, 64, 3), weights: Goldens.Vgg16Weights);
        var pools = base16.Layers.Where(layer => layer.Name.EndsWith("_pool")).ToArray();
        using var model = new Model(base16.Input, [.. pools.Select(layer => layer.Output)]);
        using var raw = torch.tensor(Goldens.Draw(Goldens.Seed + 400, 2 * 64 * 64 * 3, 0, 255), [2, 64, 64, 3]);
        using var x = VGG16.PreprocessInput(raw);

        var outputs = model.PredictOutputs(x);

        Assert.Equal(5, pools.Length);
        foreach (var (layer, output) in pools.Zip(outputs))
        {
            Assert.Equal(Goldens.Shape($"vgg16_64/{layer.Name}"), output.shape);
            Assert.InRange(Goldens.Deviation(output.data<float>().ToArray(), Goldens.Floats($"vgg16_64/{layer.Name}")), 0, 1e-5);
            output.Dispose();
        }
    }

    [Theory]
    [InlineData("avg")]
    [InlineData("max")]
    public void Pooling_OfTheLastBlock_EqualsKeras(string pooling)
    {
        using var model = Applications.VGG16(includeTop: false, inputShape: (64, 64, 3), weights: Goldens.Vgg16Weights, pooling: pooling);
        using var raw = torch.tensor(Goldens.Draw(Goldens.Seed + 400, 2 * 64 * 64 * 3, 0, 255), [2, 64, 64, 3]);
        using var x = VGG16.PreprocessInput(raw);
        using var output = model.Predict(x);
        Assert.InRange(Goldens.Deviation(output.data<float>().ToArray(), Goldens.Floats($"vgg16_64/pooling_{pooling}")), 0, 1e-5);
    }

    [Fact]
    public void Output_OfAnOblongImage_EqualsKeras()
    {
        using var model = Applications.VGG16(includeTop: false, inputShape: (96, 160, 3), weights: Goldens.Vgg16Weights);
        using var raw = torch.tensor(Goldens.Draw(Goldens.Seed + 401, 96 * 160 * 3, 0, 255), [1, 96, 160, 3]);
        using var x = VGG16.PreprocessInput(raw);
        using var output = model.Predict(x);
        Assert.InRange(Goldens.Deviation(output.data<float>().ToArray(), Goldens.Floats("vgg16_96x160/block5_pool")), 0, 1e-5);
    }

    [Fact]
    public void Output_OfImageFiles_EqualsKeras()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Applications.VGG16(includeTop: false, inputShape: (224, 224, 3), weights: Goldens.Vgg16Weights);
        string[] names = ["rgb.png", "baseline_444.jpg"];
        var pixels = new float[names.Length][];
        for (var i = 0; i < names.Length; i++)
        {
            pixels[i] = new float[224 * 224 * 3];
            ImageFile.Load(Goldens.PathOf($"odd/{names[i]}"), (224, 224), 3, Interpolation.Get("bilinear"), pixels[i]);
        }
        var output = model.Predict(VGG16.PreprocessInput(torch.tensor(pixels.SelectMany(image => image).ToArray(), [2, 224, 224, 3]))).data<float>().ToArray();
        var golden = Goldens.Floats("vgg16_224/block5_pool");
        Assert.InRange(Goldens.Deviation(output[..25088], golden[..25088]), 0, 1e-5);
        // A JPEG's grey levels may differ by one between decoders.
        Assert.InRange(Goldens.Deviation(output[25088..], golden[25088..]), 0, 2e-2);
    }

    [Fact]
    public void Layers_NamesShapesAndParameters_AreKeras()
    {
        using var model = Applications.VGG16(includeTop: false, weights: null);
        var golden = Goldens.Json("applications").GetProperty("VGG16");
        Assert.Equal(golden.GetProperty("params_notop").GetInt64(), model.CountParams());
        Assert.Equal(
            golden.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("name").GetString(), layer.GetProperty("class").GetString(), layer.GetProperty("params").GetInt64())),
            model.Layers.Select(layer => ((string?)layer.Name, (string?)layer.ClassName, layer.CountParams())));
    }

    [Fact]
    public void Weights_OfAnotherNetwork_AreRefusedAndNameTheFile()
    {
        var path = Goldens.PathOf("weights/small_legacy.weights.legacy.h5");
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
        File.WriteAllBytes(path, File.ReadAllBytes(Goldens.Vgg16Weights)[..length]);
        var error = Assert.Throws<InvalidDataException>(() => Applications.VGG16(includeTop: false, weights: path));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Imagenet_WithoutNetworkOrCache_UsesTheBundledCopyAndOtherFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        var source = new PretrainedWeights(folder.Path, mirror: "http://127.0.0.1:1") { Bundled = Path.GetDirectoryName(Goldens.Vgg16Weights)! };
        var file = new PretrainedFile("a.h5", "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/a.h5", new string('0', 32), "vgg16_imagenet_notop_f16.h5");

        Assert.Equal(Goldens.Vgg16Weights, source.Resolve("VGG16", file));
        var error = Assert.Throws<FileNotFoundException>(() => source.Resolve("VGG16", file with { BundledCopy = null }));

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
        var file = new PretrainedFile("a.h5", "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/a.h5", "900150983cd24fb0d6963f7d28e17f72", null);

        Assert.Equal(folder.File("a.h5"), source.Resolve("VGG16", file));
        Assert.Throws<FileNotFoundException>(() => source.Resolve("VGG16", file with { Md5 = new string('0', 32) }));
    }
}
