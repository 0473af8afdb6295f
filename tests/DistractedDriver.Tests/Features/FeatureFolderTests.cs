using System.Security.Cryptography;
using System.Text;
using DistractedDriver;
using DistractedDriver.Features;
using DistractedDriver.Initializers;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using DistractedDriver.Training;
using TorchSharp;

namespace LibraryTests;

public sealed class FeatureFolderTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("features-");
    private readonly FeatureFolder _folder;

    public FeatureFolderTests() => _folder = new FeatureFolder(Path.Combine(_temporary.FullName, "kept"), 1 << 20);

    [Fact]
    public void Rows_AreThereForTheNextProcess()
    {
        Open("a").Add([Key("x"), Key("y")], [1, 2, 3, 4, 5, 6]);
        var next = Open("a");
        Assert.True(next.Contains(Key("y")));
        Assert.False(next.Contains(Key("z")));
        Assert.Equal([4, 5, 6, 1, 2, 3], Read(next, "y", "x"));
    }

    [Fact]
    public void TwoAtOnce_SeeWhatTheOtherHasAddedBeforeTheyAdd()
    {
        var (first, second) = (Open("a"), Open("a"));
        first.Add([Key("x")], [1, 2, 3]);
        second.Add([Key("x"), Key("y")], [9, 9, 9, 4, 5, 6]);
        Assert.Equal([1, 2, 3, 4, 5, 6], Read(second, "x", "y"));
        Assert.Equal(2, Assert.Single(_folder.List()).Samples);
    }

    [Fact]
    public void ARecordLeftHalfWritten_IsWrittenOver()
    {
        Open("a").Add([Key("x"), Key("y")], [1, 2, 3, 4, 5, 6]);
        using (var file = File.Open(Assert.Single(_folder.List()).File, FileMode.Open, FileAccess.ReadWrite,
            FileShare.ReadWrite)) file.SetLength(file.Length - 5);
        var next = Open("a");
        Assert.True(next.Contains(Key("x")));
        Assert.False(next.Contains(Key("y")));
        next.Add([Key("y")], [7, 8, 9]);
        Assert.Equal([1, 2, 3, 7, 8, 9], Read(Open("a"), "x", "y"));
    }

    [Fact]
    public void ADamagedRow_IsNotTaken()
    {
        Open("a").Add([Key("x"), Key("y")], [1, 2, 3, 4, 5, 6]);
        var path = Assert.Single(_folder.List()).File;
        var bytes = File.ReadAllBytes(path);
        bytes[^7] ^= 1;
        using (var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) file.Write(bytes);
        var next = Open("a");
        Assert.True(next.Contains(Key("x")));
        Assert.False(next.Contains(Key("y")));
    }

    [Fact]
    public void AFileOfSomethingElse_IsMadeAnew()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "a.features"), new string('x', 9000));
        var table = Open("a");
        table.Add([Key("x")], [1, 2, 3]);
        Assert.Equal([1, 2, 3], Read(Open("a"), "x"));
    }

    [Fact]
    public void WithoutRoom_TheFileNotUsedForTheLongestTimeGoes_AndOneTooLargeIsFull()
    {
        var row = new float[50_000];
        _folder.TryOpen("old", "old", [row.Length])!.Add([Key("x"), Key("y")], [.. row, .. row]);
        File.SetLastAccessTimeUtc(Path.Combine(_folder.Path, "old.features"), DateTime.UtcNow.AddDays(-2));
        _folder.TryOpen("older", "older", [row.Length])!.Add([Key("x")], row);
        File.SetLastAccessTimeUtc(Path.Combine(_folder.Path, "older.features"), DateTime.UtcNow.AddDays(-3));
        var table = _folder.TryOpen("new", "new", [row.Length])!;
        table.Add([Key("a"), Key("b"), Key("c")], [.. row, .. row, .. row]);
        Assert.False(table.IsFull);
        Assert.Equal(["new", "old"], _folder.List().Select(kept => Path.GetFileNameWithoutExtension(kept.File)).Order());
        for (var i = 0; i < 4; i++) table.Add([Key($"more {i}")], row);
        Assert.True(table.IsFull);
        Assert.True(table.Contains(Key("a")));
    }

    [Fact]
    public void Clear_LeavesNothing()
    {
        Open("a").Add([Key("x")], [1, 2, 3]);
        Assert.True(_folder.Clear() > 0);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void AFolderThatCannotBe_IsSaidAndDoneWithout()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "file"), "");
        Assert.Null(new FeatureFolder(Path.Combine(_temporary.FullName, "file", "below"), 1 << 20).TryOpen("a", "a", [3]));
    }

    [Fact]
    public void Training_TakesFeaturesFromTheFileAndGivesTheSameHistory()
    {
        var images = Directory.CreateDirectory(Path.Combine(_temporary.FullName, "images"));
        foreach (var name in new[] { "a", "b" })
        {
            images.CreateSubdirectory(name);
            for (var i = 0; i < 3; i++)
            {
                using var pixels = torch.rand([8, 8, 3], generator: new torch.Generator((ulong)(i + 10 * name[0])));
                Keras.Utils.SaveImg(Path.Combine(images.FullName, name, $"{i}.png"), pixels);
            }
        }
        double[] Losses(FeatureStore store, float rescale)
        {
            var frozen = new Conv2D(4, 3, activation: "relu", kernelInitializer: new GlorotUniform(seed: 3)) { Trainable = false };
            var input = Keras.Input((8, 8, 3));
            using var model = new Model(input,
                new Dense(2, "softmax", kernelInitializer: new GlorotUniform(seed: 4)).Apply(new Flatten().Apply(frozen.Apply(input))));
            model.Compile("adam", "categorical_crossentropy");
            var train = new ImageDataGenerator(rescale: rescale)
                .FlowFromDirectory(images.FullName, targetSize: (8, 8), batchSize: 4, shuffle: false);
            return [.. new Trainer(model).Fit(new FitRequest(train) { Epochs = 3, Verbose = 0, Features = store })["loss"]];
        }

        var first = Losses(new FeatureStore(1 << 20, _folder), 1f / 255);
        var file = Assert.Single(_folder.List());
        Assert.Equal(6, file.Samples);
        Assert.Equal(first, Losses(new FeatureStore(1 << 20, _folder), 1f / 255));
        Assert.Equal(6, Assert.Single(_folder.List()).Samples);
        Losses(new FeatureStore(1 << 20, _folder), 1f / 127);
        Assert.Equal(2, _folder.List().Count);
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private FileFeatureTable Open(string key) => _folder.TryOpen(key, "a network", [3])!;

    private static string Key(string sample) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sample)));

    private static float[] Read(FileFeatureTable table, params string[] samples)
    {
        var rows = new float[3 * samples.Length];
        Assert.All(samples, sample => Assert.True(table.Contains(Key(sample))));
        table.Read([.. samples.Select(Key)], rows);
        return rows;
    }
}
