namespace CSharpKernel.Packages;

/// <summary>The .NET that this process runs on.</summary>
internal static class Framework
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    // Only completion needs them, and a kernel's start need not wait for them.
    private static readonly Lazy<string[]> DocumentedFiles = new(FindDocumented);

    /// <summary>All that this process is made of, as files: .NET and the program itself.</summary>
    public static IEnumerable<string> Process =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>.NET's own assemblies, as files.</summary>
    public static IEnumerable<string> Assemblies => Process.Where(Contains);

    /// <summary>
    /// The SDK's description of the same assemblies (…/packs/Microsoft.NETCore.App.Ref/10.0.0/ref/net10.0), which has their
    /// documentation beside them; none where there is no SDK.
    /// </summary>
    public static IReadOnlyList<string> Documented => DocumentedFiles.Value;

    /// <summary>Whether a file is one of its assemblies.</summary>
    public static bool Contains(string? file) => Path.GetDirectoryName(file) == Folder;

    private static string[] FindDocumented()
    {
        var packs = new DirectoryInfo(Path.GetFullPath(Path.Combine(Folder, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref")));
        if (!packs.Exists) return [];
        var version = Environment.Version;
        var pack = packs.GetDirectories($"{version.Major}.{version.Minor}.*")
            .Select(folder => new DirectoryInfo(Path.Combine(folder.FullName, "ref", $"net{version.Major}.{version.Minor}")))
                .LastOrDefault(folder => folder.Exists);
        return pack is null ? [] : [.. pack.GetFiles("*.dll").Select(file => file.FullName)];
    }
}
