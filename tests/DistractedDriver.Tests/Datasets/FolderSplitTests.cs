using DistractedDriver.Datasets;

namespace LibraryTests;

public sealed class FolderSplitTests
{
    [Fact]
    public void Split_PutsEachImageInOnePartAndEachClassInEvery()
    {
        using var folder = Pictures();
        var parts = FolderSplit.Split(folder.File("all"), folder.File("parts"), valSize: 0.2, testSize: 0.1);
        string[][] files = [Files(parts.Train), Files(parts.Val), Files(parts.Test!)];
        Assert.Equal([14, 4, 2], files.Select(part => part.Length));
        Assert.Equal(Files(folder.File("all")).Where(file => file.EndsWith(".jpg", StringComparison.Ordinal)),
            files.SelectMany(part => part).Order(StringComparer.Ordinal));
        Assert.All(files, part => Assert.Equal(["cats", "dogs"], part.Select(Path.GetDirectoryName).Distinct()));
        Assert.Equal("cats 0", File.ReadAllText(Directory.GetFiles(folder.File("parts"), "0.jpg", SearchOption.AllDirectories)
            .Single(path => path.Contains("cats", StringComparison.Ordinal))));
    }

    [Fact]
    public void Split_ByGroup_KeepsGroupsTogether()
    {
        using var folder = Pictures();
        static string Group(string path) => $"{int.Parse(Path.GetFileNameWithoutExtension(path)) / 2}";
        var parts = FolderSplit.Split(folder.File("all"), folder.File("parts"), valSize: 0.2, testSize: 0, groupOf: Group);
        Assert.Null(parts.Test);
        Assert.Single(Files(parts.Val).Select(Group).Distinct());
        Assert.Empty(Files(parts.Train).Select(Group).Intersect(Files(parts.Val).Select(Group)));
    }

    [Fact]
    public void Split_MadeBefore_IsTakenAsItIsAndAnotherIsRefused()
    {
        using var folder = Pictures();
        var parts = FolderSplit.Split(folder.File("all"), folder.File("parts"));
        var before = Files(parts.Val);
        Assert.Equal(before, Files(FolderSplit.Split(folder.File("all"), folder.File("parts")).Val));
        Assert.Contains("something else",
            Assert.Throws<IOException>(() => FolderSplit.Split(folder.File("all"), folder.File("parts"), seed: 2)).Message);
    }

    [Fact]
    public void Split_ThatCannotBe_LeavesNothing()
    {
        using var folder = Pictures();
        Directory.CreateDirectory(folder.File("all/few"));
        File.WriteAllText(folder.File("all/few/1.jpg"), "");
        Assert.Contains("'few'",
            Assert.Throws<ArgumentException>(() => FolderSplit.Split(folder.File("all"), folder.File("parts"))).Message);
        Assert.Contains("beside it",
            Assert.Throws<ArgumentException>(() => FolderSplit.Split(folder.File("all"), folder.File("all/parts"))).Message);
        Assert.Throws<DirectoryNotFoundException>(() => FolderSplit.Split(folder.File("nowhere"), folder.File("parts")));
        Assert.Throws<ArgumentOutOfRangeException>(() => FolderSplit.Split(folder.File("all"), folder.File("parts"), 0.6, 0.5));
        Assert.Equal([folder.File("all")], Directory.GetFileSystemEntries(folder.Path));
    }

    private static TemporaryFolder Pictures()
    {
        var folder = new TemporaryFolder();
        foreach (var name in new[] { "cats", "dogs" })
        {
            Directory.CreateDirectory(folder.File($"all/{name}"));
            for (var i = 0; i < 10; i++) File.WriteAllText(folder.File($"all/{name}/{i}.jpg"), $"{name} {i}");
        }
        File.WriteAllText(folder.File("all/cats/Thumbs.db"), "no image");
        return folder;
    }

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}
