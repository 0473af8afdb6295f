using TorchSharp;

namespace DistractedDriver.Tests;

/// <summary>ImageDataGenerator's transforms and statistics against Keras's.</summary>
public sealed class AugmentationTests
{
    private static readonly Dictionary<string, ImageTransform> Transforms = new()
    {
        ["rotate"] = new() { Theta = 23 },
        ["shift"] = new() { Tx = 5.5, Ty = -3.25 },
        ["shear"] = new() { Shear = 14 },
        ["zoom"] = new() { Zx = 0.8, Zy = 1.3 },
        ["all"] = new() { Theta = -11, Tx = 2, Ty = 4, Shear = 6, Zx = 0.9, Zy = 0.95, FlipHorizontal = true },
        ["flip_h"] = new() { FlipHorizontal = true },
        ["flip_v"] = new() { FlipVertical = true },
        ["channel_shift"] = new() { ChannelShiftIntensity = 37 },
        ["brightness"] = new() { Brightness = 1.4 },
    };

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var mode in new[] { "nearest", "constant", "reflect", "wrap" })
            foreach (var name in Transforms.Keys)
                if (mode == "nearest" || name is "rotate" or "shift" or "shear" or "zoom" or "all") cases.Add(mode, name);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ApplyTransform_GivesKerasPixels(string fillMode, string name)
    {
        using var scope = torch.NewDisposeScope();
        var picture = torch.tensor(Goldens.Floats("augment/input"), Goldens.Shape("augment/input"));
        var changed = new ImageDataGenerator(fillMode: fillMode, cval: 17).ApplyTransform(picture, Transforms[name]).data<float>().ToArray();
        Assert.InRange(Farthest(changed, Goldens.Floats($"augment/{fillMode}_{name}")), 0, 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(11)]
    public void GetRandomTransform_WithASeed_DrawsWhatKerasDraws(int seed)
    {
        var golden = Goldens.Json("augment_seeded/transforms").GetProperty(seed.ToString());
        var drawn = Generator("usual").GetRandomTransform(24, 32, seed);
        double[] expected = [.. new[] { "theta", "tx", "ty", "shear", "zx", "zy" }.Select(key => golden.GetProperty(key).GetDouble())];
        foreach (var (value, number) in expected.Zip([drawn.Theta, drawn.Tx, drawn.Ty, drawn.Shear, drawn.Zx, drawn.Zy])) Assert.Equal(value, number, 1e-12);
        Assert.Equal(golden.GetProperty("flip_horizontal").GetInt32() == 1, drawn.FlipHorizontal);
        Assert.False(drawn.FlipVertical);
        Assert.Null(drawn.Brightness);
    }

    // JPEGs may be decoded a grey level apart, and that level may be turned brighter.
    [Theory]
    [InlineData("usual", 1.01 / 255)]
    [InlineData("colour", 2.01)]
    [InlineData("pixels", 1.01)]
    public void FlowFromDirectory_AugmentedWithASeed_GivesKerasBatches(string name, double bound)
    {
        var flow = Generator(name).FlowFromDirectory(Goldens.PathOf("imgs/val"), targetSize: (24, 32), batchSize: 8, classMode: "sparse", shuffle: true, seed: 11);
        var labels = Goldens.Json($"augment_seeded/{name}").GetProperty("labels");
        for (var number = 0; number < 4; number++)
        {
            using var batch = flow.Next();
            Assert.Equal(labels[number].EnumerateArray().Select(label => label.GetSingle()), batch.Y!.data<float>().ToArray());
            Assert.InRange(Farthest(batch.X.data<float>().ToArray(), Goldens.Floats($"augment_seeded/{name}_{number}")), 0, bound);
        }
    }

    [Theory]
    [InlineData("featurewise_center_std")]
    [InlineData("zca")]
    public void Fit_OnImages_StandardisesAsKeras(string name)
    {
        using var scope = torch.NewDisposeScope();
        var pictures = torch.tensor(Goldens.Floats("generator/statistics_input"), Goldens.Shape("generator/statistics_input"));
        var generator = name == "zca"
            ? new ImageDataGenerator(featurewiseCenter: true, zcaWhitening: true, zcaEpsilon: 1e-3)
            : new ImageDataGenerator(featurewiseCenter: true, featurewiseStdNormalization: true);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => generator.Standardize(pictures)).Message);
        generator.Fit(pictures);
        var first = generator.Standardize(pictures.slice(0, 0, 1, 1)).data<float>().ToArray();
        Assert.InRange(Goldens.Deviation(first, Goldens.Floats($"generator/{name}")), 0, 1e-4);
    }

    [Fact]
    public void Samplewise_StatisticsOfEachImage_AreKeras()
    {
        var flow = new ImageDataGenerator(samplewiseCenter: true, samplewiseStdNormalization: true)
            .FlowFromDirectory(Goldens.PathOf("imgs/val"), targetSize: (24, 32), batchSize: 2, shuffle: false);
        using var batch = flow.Next();
        // In units of a standard deviation, which is many grey levels.
        Assert.InRange(Farthest(batch.X.data<float>().ToArray(), Goldens.Floats("generator/featurewise")), 0, 0.05);
    }

    [Theory]
    [InlineData("training")]
    [InlineData("validation")]
    public void Subset_OfAValidationSplit_IsKeras(string subset)
    {
        var flow = new ImageDataGenerator(validationSplit: 0.25).FlowFromDirectory(Goldens.PathOf("imgs/train"), targetSize: (4, 4), shuffle: false, subset: subset);
        var golden = Goldens.Json("generator/described").GetProperty("validation_split").GetProperty(subset);
        Assert.Equal(golden.EnumerateArray().Select(name => name.GetString()), flow.Filenames);
    }

    [Fact]
    public void Arguments_OutOfRange_AreNamed()
    {
        Assert.Contains("reflect", Assert.Throws<ArgumentException>(() => new ImageDataGenerator(fillMode: "mirror")).Message);
        Assert.Contains("validationSplit", Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator(validationSplit: 1)).Message);
        Assert.Contains("validationSplit", Assert.Throws<ArgumentException>(() => new ImageDataGenerator().FlowFromDirectory(Goldens.PathOf("imgs/val"), subset: "training")).Message);
    }

    [Fact]
    public void Fit_OnAugmentedImages_ComputesThemAnewEachEpoch()
    {
        // A network that gives back its input's mean: with features kept, both epochs would see the same images.
        var input = Keras.Input((8, 8, 3));
        using var model = new Model(input, new Dense(10, activation: "softmax", name: "head").Apply(new Flatten().Apply(new GlobalAveragePooling2D().Apply(input))));
        model.Compile(new SGD(1e-9f), "categorical_crossentropy");
        var flow = new ImageDataGenerator(rescale: 1f / 255, brightnessRange: (0.1, 0.9)).FlowFromDirectory(Goldens.PathOf("imgs/val"), targetSize: (8, 8), seed: 4);
        var history = model.Fit(flow, epochs: 2, verbose: 0);
        Assert.True(Math.Abs(history["loss"][0] - history["loss"][1]) > 1e-5);
    }

    private static ImageDataGenerator Generator(string name) => name switch
    {
        "usual" => new ImageDataGenerator(rotationRange: 15, widthShiftRange: 0.1, heightShiftRange: 0.1, shearRange: 8, zoomRange: 0.15, horizontalFlip: true, fillMode: "nearest", rescale: 1f / 255),
        "colour" => new ImageDataGenerator(brightnessRange: (0.6, 1.4), channelShiftRange: 30, verticalFlip: true),
        _ => new ImageDataGenerator(widthShiftRange: 4, heightShiftRange: new double[] { -3, 0, 3 }, zoomRange: (0.8, 1.1), fillMode: "constant", cval: 128),
    };

    private static float Farthest(float[] actual, float[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        return actual.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second));
    }
}
