using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using DistractedDriver.Preprocessing;
using Goldens;
using TorchSharp;

namespace LibraryTests;

public sealed class FlowTests
{
    [Fact]
    public void Flow_OnArrays_GivesWhatFlowFromDirectoryGivesForTheSameImages()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new ImageDataGenerator(rotationRange: 15, horizontalFlip: true, rescale: 1f / 255);
        var plain = new ImageDataGenerator()
            .FlowFromDirectory(Golden.PathOf("imgs/val"), targetSize: (24, 32), batchSize: 20, shuffle: false).Next();
        var files = generator.FlowFromDirectory(Golden.PathOf("imgs/val"), targetSize: (24, 32), batchSize: 8, seed: 5);

        var arrays = generator.Flow(plain.X, plain.Y, batchSize: 8, seed: 5, sampleWeight: torch.arange(20));

        for (var i = 0; i < 4; i++)
        {
            var (a, b) = (arrays.Next(), files.Next());
            Assert.Equal(b.X.data<float>().ToArray(), a.X.data<float>().ToArray());
            Assert.Equal(b.Y!.data<float>().ToArray(), a.Y!.data<float>().ToArray());
            Assert.Equal(a.X.shape[0], a.SampleWeight!.shape[0]);
        }
    }

    [Fact]
    public void Flow_WithSubset_TakesTheFirstImagesToValidate()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new ImageDataGenerator(validationSplit: 0.25);
        var x = torch.arange(8).reshape(8, 1, 1, 1);
        Assert.Equal([0f, 1], generator.Flow(x, shuffle: false, subset: "validation").Next().X.data<float>().ToArray());
        Assert.Equal(6, generator.Flow(x, torch.zeros(8), shuffle: false, subset: "training").Samples);
        Assert.Contains("(8, 1, 1)", Assert.Throws<ArgumentException>(() => generator.Flow(x[0].expand(8, 1, 1))).Message);
        Assert.Contains("as many labels", Assert.Throws<ArgumentException>(() => generator.Flow(x, torch.zeros(7))).Message);
    }

    [Fact]
    public void Fit_OnFlowWithSampleWeights_CountsThem()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Sequential([new InputLayer((1, 1, 1)), new Flatten(), new Dense(1, kernelInitializer: "zeros")]);
        model.Compile(new SGD(1e-9f), "mse");
        var flow = new ImageDataGenerator()
            .Flow(torch.ones(4, 1, 1, 1), torch.tensor([1f, 2, 3, 4], [4, 1]), batchSize: 4, shuffle: false,
                sampleWeight: torch.tensor([1f, 0, 0, 2]));
        Assert.Equal((1 + 2 * 16) / 4.0, model.Fit(flow, verbose: 0)["loss"][0], 1e-6);
    }

    [Fact]
    public void FlowFromDataframe_OfACsvFile_TakesItsRowsAndLeavesOutMissingFiles()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("list.csv"), "img,\"kind\",w\nc0/img_41.jpg,\"a, b\",2\nc1/none.jpg,c,1\nc1/img_43.jpg,c,0.5\n");
        var flow = new ImageDataGenerator()
            .FlowFromDataframe(folder.File("list.csv"), Golden.PathOf("imgs/val"), xCol: "img", yCol: "kind", weightCol: "w",
                targetSize: (4, 4), shuffle: false);
        Assert.Equal(["c0/img_41.jpg", "c1/img_43.jpg"], flow.Filenames);
        Assert.Equal(["a, b", "c"], flow.ClassIndices.Keys);
        Assert.Equal([2f, 0.5f], flow.Next().SampleWeight!.data<float>().ToArray());
        Assert.Contains("'filename'",
            Assert.Throws<InvalidDataException>(() => new ImageDataGenerator().FlowFromDataframe(folder.File("list.csv"))).Message);
        File.WriteAllText(folder.File("short.csv"), "img,kind\na.jpg\n");
        Assert.Contains("short.csv",
            Assert.Throws<InvalidDataException>(() =>
                new ImageDataGenerator().FlowFromDataframe(folder.File("short.csv"), xCol: "img", yCol: "kind")).Message);
    }

    [Fact]
    public void SaveToDir_LeavesEveryImageThatIsGiven()
    {
        using var folder = new TemporaryFolder();
        var flow = new ImageDataGenerator(verticalFlip: true).FlowFromDirectory(
            Golden.PathOf("imgs/val"), targetSize: (8, 8), batchSize: 3, shuffle: false, saveToDir: folder.File("seen"), savePrefix: "x",
                saveFormat: "jpeg");
        flow.Next().Dispose();
        Assert.Equal(["x_0", "x_1", "x_2"],
            Directory.GetFiles(folder.File("seen"), "*.jpeg").Select(file => string.Join('_', Path.GetFileName(file).Split('_').Take(2)))
                .Order());
    }

    [Fact]
    public void Fit_OnImagesAsLabels_HasThemFromTheCacheToo()
    {
        using var scope = torch.NewDisposeScope();
        var input = Keras.Input((4, 4, 3));
        var frozen = new Activation("relu").Apply(input);
        using var model = new Model(input, new Conv2D(3, 1).Apply(frozen));
        model.Compile(new SGD(1e-9f), "mse");
        var flow = new ImageDataGenerator(rescale: 1f / 255)
            .FlowFromDirectory(Golden.PathOf("imgs/val"), targetSize: (4, 4), classMode: "input", shuffle: false);
        var history = model.Fit(flow, epochs: 2, verbose: 0);
        Assert.Equal(history["loss"][0], history["loss"][1], 1e-5);
    }
}
