namespace DistractedDriver.Tests;

public sealed class ImageDataGeneratorTests
{
    private static readonly System.Text.Json.JsonElement Described = Goldens.Json("generator/described");
    private static readonly string Val = Goldens.PathOf("imgs/val");

    [Fact]
    public void FlowFromDirectory_InOrder_GivesKerasFilesClassesAndShortLastBatch()
    {
        var flow = new ImageDataGenerator(rescale: 1f / 255).FlowFromDirectory(Val, targetSize: (24, 32), batchSize: 6, shuffle: false);

        Assert.Equal(Described.GetProperty("filenames").EnumerateArray().Select(name => name.GetString()), flow.Filenames);
        Assert.Equal(Described.GetProperty("classes").EnumerateArray().Select(number => number.GetInt32()), flow.Classes);
        Assert.Equal(Described.GetProperty("batches").GetInt32(), flow.Count);
        for (var i = 0; i < 3; i++) flow.Next().Dispose();
        using var last = flow.Next();
        Assert.Equal(Goldens.Shape("generator/val_batch3_x"), last.X.shape);
        var (x, golden) = (last.X.data<float>().ToArray(), Goldens.Floats("generator/val_batch3_x"));
        Assert.InRange(x.Zip(golden).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1.001 / 255);
        Assert.Equal(Goldens.Floats("generator/val_batch3_y"), last.Y!.data<float>().ToArray());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("7", 7)]
    [InlineData("42", 42)]
    public void FlowFromDirectory_ShuffledWithASeed_GivesKerasBatchesOfTwoEpochs(string name, int seed)
    {
        var flow = new ImageDataGenerator().FlowFromDirectory(Val, targetSize: (4, 4), batchSize: 8, classMode: "sparse", seed: seed);
        foreach (var batch in Described.GetProperty("shuffle").GetProperty(name).EnumerateArray())
            Assert.Equal(batch.EnumerateArray().Select(index => index.GetInt32()), flow.NextIndices());
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("sparse")]
    public void FlowFromDirectory_WithClassesChosen_GivesKerasLabels(string mode)
    {
        var flow = new ImageDataGenerator().FlowFromDirectory(Val, targetSize: (4, 4), batchSize: 5, classMode: mode, shuffle: false, classes: ["c3", "c1"]);
        var golden = Described.GetProperty("class_mode").GetProperty(mode);
        using var batch = flow.Next();
        Assert.Equal(golden.GetProperty("filenames").EnumerateArray().Select(file => file.GetString()), flow.Filenames);
        Assert.Equal(golden.GetProperty("y").EnumerateArray().Select(label => label.GetSingle()), batch.Y!.data<float>().ToArray());
    }

    [Fact]
    public void PreprocessingFunction_OfVgg16_GivesKerasBatch()
    {
        var flow = new ImageDataGenerator(preprocessingFunction: VGG16.PreprocessInput).FlowFromDirectory(Val, targetSize: (24, 32), batchSize: 2, shuffle: false);
        using var batch = flow.Next();
        var golden = Goldens.Floats("generator/preprocessing");
        Assert.InRange(batch.X.data<float>().ToArray().Zip(golden).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1.001);
    }

    public static TheoryData<string, string> Files()
    {
        var files = new TheoryData<string, string>();
        foreach (var path in Directory.GetFiles(Goldens.PathOf("odd")))
            foreach (var folder in new[] { "decode", "decode_grey", "decode_rgba" }) files.Add(Path.GetFileName(path), folder);
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Decoding_GivesKerasPixels(string name, string folder)
    {
        var golden = Goldens.Bytes($"{folder}/{name}");
        var shape = Goldens.Shape($"{folder}/{name}");
        var pixels = new float[golden.Length];
        ImageFile.Load(Goldens.PathOf($"odd/{name}"), ((int)shape[0], (int)shape[1]), (int)shape[2], Interpolation.Get("nearest"), pixels);
        Assert.InRange(pixels.Zip(golden).Max(pair => Math.Abs(pair.First - pair.Second)), 0, name.EndsWith(".jpg", StringComparison.Ordinal) ? 1 : 0);
    }

    public static TheoryData<string, int, int> Scalings()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var name in new[] { "nearest", "box", "bilinear", "hamming", "bicubic", "lanczos" })
            foreach (var (height, width) in new[] { (24, 32), (150, 200), (61, 97), (17, 23) }) data.Add(name, height, width);
        return data;
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Scaling_GivesKerasPixels(string interpolation, int height, int width)
    {
        var pixels = new float[height * width * 3];
        ImageFile.Load(Goldens.PathOf("odd/rgb.png"), (height, width), 3, Interpolation.Get(interpolation), pixels);
        Assert.Equal(Goldens.Bytes($"resize/{interpolation}_{height}x{width}").Select(value => (float)value), pixels);
    }

    [Fact]
    public void Scaling_ByAnUnknownInterpolation_NamesThoseThereAre() =>
        Assert.Contains("\"lanczos\"", Assert.Throws<ArgumentException>(() => new ImageDataGenerator().FlowFromDirectory(Val, interpolation: "cubic")).Message);

    [Fact]
    public void FlowFromDirectory_WithoutUsableImages_NamesTheFolderOrTheFile()
    {
        using var folder = new TemporaryFolder();
        var generator = new ImageDataGenerator();
        Assert.Contains(folder.File("none"), Assert.Throws<DirectoryNotFoundException>(() => generator.FlowFromDirectory(folder.File("none"))).Message);
        Assert.Contains(folder.Path, Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path)).Message);
        Directory.CreateDirectory(folder.File("c0"));
        Assert.Contains(folder.File("c0"), Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path)).Message);
        var broken = folder.File("c0/broken.jpg");
        File.WriteAllText(broken, "no image");
        Assert.Contains(broken, Assert.Throws<InvalidDataException>(() => generator.FlowFromDirectory(folder.Path).Next()).Message);
    }
}
