namespace WorkbookTests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DistractedDriver.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"There is no DistractedDriver.sln above {AppContext.BaseDirectory}.");
    }
}
