using DistractedDriver.Datasets;
using DistractedDriver.Imaging;
using Goldens;
using SkiaSharp;

namespace LibraryTests;

/// <summary>A small sample dataset, drawn once for all tests of it.</summary>
public sealed class SmallSample : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallSample() => Dataset = SampleDataset.Create(_folder.File("sample"), drivers: 2, seed: 5);

    public SampleDataset Dataset { get; }

    public string Beside(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();
}

public sealed class SampleDatasetTests(SmallSample sample) : IClassFixture<SmallSample>
{
    private readonly SampleDataset _data = sample.Dataset;

    [Fact]
    public void Create_LaysFilesOutAsKaggleDoes()
    {
        var list = StateFarm.ReadDriverList(_data.DriverList);
        var labelled = new[] { _data.Train, _data.Val }.SelectMany(part => Directory.GetFiles(part, "*.jpg", SearchOption.AllDirectories))
            .ToArray();

        Assert.Equal(2 * 10 * 4, list.Count);
        Assert.Equal(["p001", "p002"], list.Select(image => image.Subject).Distinct());
        Assert.Equal(
            list.Select(image => $"{image.ClassName}/{image.Image}").Order(StringComparer.Ordinal),
            labelled.Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(2 * 10, Directory.GetFiles(_data.Val, "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Equal(2 * 10 * 2, Directory.GetFiles(_data.Test, "*.jpg").Length);
        Assert.All(labelled, path => Assert.Equal(new SKSizeI(640, 480), Size(path)));
    }

    [Fact]
    public void Create_WithTheSameSeed_GivesTheSameBytesAndWithAnotherOneOthers()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(Content(_data.Folder), Content(SampleDataset.Create(folder.File("same"), drivers: 2, seed: 5).Folder));
        Assert.NotEqual(Content(_data.Folder)["driver_imgs_list.csv"],
            Content(SampleDataset.Create(folder.File("other"), drivers: 2, seed: 6).Folder)["driver_imgs_list.csv"]);
    }

    [Fact]
    public void Frames_OfOneClip_ResembleEachOtherMoreThanThoseOfOtherDrivers()
    {
        var list = StateFarm.ReadDriverList(_data.DriverList);
        float[] Image(string driver, int frame)
        {
            var image = list.Where(image => image.Subject == driver && image.ClassName == "c0").ElementAt(frame);
            var values = new float[48 * 64 * 3];
            ImageFile.Load(new[] { _data.Train, _data.Val }.Select(part => Path.Combine(part, "c0", image.Image)).First(File.Exists),
                (48, 64), 3, Interpolation.Get("bilinear"), values);
            return values;
        }
        var (first, next, other) = (Image("p001", 0), Image("p001", 1), Image("p002", 0));
        Assert.NotEqual(first, next);
        Assert.True(Check.Relative(first, next) * 2 < Check.Relative(first, other));
    }

    [Fact]
    public void Create_AgainInTheSameFolder_LeavesItAndRefusesAnotherContent()
    {
        var before = File.GetLastWriteTimeUtc(_data.DriverList);
        SampleDataset.Create(_data.Folder, drivers: 2, seed: 5);
        Assert.Equal(before, File.GetLastWriteTimeUtc(_data.DriverList));
        Assert.Contains(_data.Folder, Assert.Throws<IOException>(() => SampleDataset.Create(_data.Folder, drivers: 3)).Message);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(91, 1)]
    [InlineData(5, -1)]
    public void Create_WithArgumentsOutOfRange_MakesNoFolder(int drivers, int seed)
    {
        var folder = sample.Beside($"none-{drivers}");
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleDataset.Create(folder, drivers, seed));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void SplitByDriver_PutsEveryPictureOfADriverOnOneSide()
    {
        var split = StateFarm.SplitByDriver(_data.Folder, sample.Beside("by-driver"), validationDrivers: 1);
        Assert.Single(split.ValDrivers);
        Assert.Empty(split.TrainDrivers.Intersect(split.ValDrivers));
        var list = StateFarm.ReadDriverList(_data.DriverList).ToLookup(image => image.Subject, image => $"{image.ClassName}/{image.Image}");
        Assert.Equal(split.ValDrivers.SelectMany(driver => list[driver]).Order(StringComparer.Ordinal), Names(split.Val));
        Assert.Equal(split.TrainDrivers.SelectMany(driver => list[driver]).Order(StringComparer.Ordinal), Names(split.Train));
        Assert.Equal(split.ValDrivers, StateFarm.SplitByDriver(_data.Folder, sample.Beside("by-driver"), validationDrivers: 1).ValDrivers);
    }

    [Fact]
    public void SplitRandomly_TakesTheShareAndLosesNothing()
    {
        var split = StateFarm.SplitRandomly(_data.Folder, sample.Beside("random"), validationShare: 0.25, seed: 3);
        Assert.Equal((60, 20), (Names(split.Train).Length, Names(split.Val).Length));
        Assert.Empty(Names(split.Train).Intersect(Names(split.Val)));
        Assert.Contains("random",
            Assert.Throws<IOException>(() => StateFarm.SplitRandomly(_data.Folder, sample.Beside("random"), validationShare: 0.5)).Message);
    }

    [Fact]
    public void Split_OfADatasetThatIsNotWhole_NamesWhatIsMissingAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("driver_imgs_list.csv",
            Assert.Throws<FileNotFoundException>(() => StateFarm.SplitByDriver(folder.Path, folder.File("split"))).Message);
        File.WriteAllText(folder.File("driver_imgs_list.csv"), "driver,class\np1,c0\n");
        Assert.Contains("subject,classname,img",
            Assert.Throws<InvalidDataException>(() => StateFarm.SplitByDriver(folder.Path, folder.File("split"))).Message);
        File.WriteAllText(folder.File("driver_imgs_list.csv"), "subject,classname,img\np1,c0,lost.jpg\np2,c0,lost2.jpg\n");
        Assert.Throws<ArgumentOutOfRangeException>(() => StateFarm.SplitByDriver(folder.Path, folder.File("split"), validationDrivers: 2));
        Assert.Contains("lost",
            Assert.Throws<FileNotFoundException>(() => StateFarm.SplitByDriver(folder.Path, folder.File("split"), validationDrivers: 1))
                .Message);
        Assert.Empty(Directory.GetDirectories(folder.Path));
    }

    private static SKSizeI Size(string path)
    {
        using var codec = SKCodec.Create(path);
        return codec.Info.Size;
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    private static SortedDictionary<string, string> Content(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(folder, path).Replace('\\', '/'),
            path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);
}
