namespace CSharpKernel;

/// <summary>The .NET that this process runs on.</summary>
internal static class Framework
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>Its assemblies, as files.</summary>
    public static IReadOnlyList<string> Assemblies { get; } =
        [.. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator).Where(Contains)];

    /// <summary>
    /// The SDK's description of the same assemblies (…/packs/Microsoft.NETCore.App.Ref/10.0.0/ref/net10.0), which has their
    /// documentation beside them; none where there is no SDK.
    /// </summary>
    public static IReadOnlyList<string> Documented { get; } = FindDocumented();

    /// <summary>Whether a file is one of its assemblies.</summary>
    public static bool Contains(string? file) => Path.GetDirectoryName(file) == Folder;

    private static string[] FindDocumented()
    {
        var packs = new DirectoryInfo(Path.GetFullPath(Path.Combine(Folder, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref")));
        if (!packs.Exists) return [];
        var version = Environment.Version;
        var pack = packs.GetDirectories($"{version.Major}.{version.Minor}.*").Select(folder => new DirectoryInfo(Path.Combine(folder.FullName, "ref", $"net{version.Major}.{version.Minor}"))).LastOrDefault(folder => folder.Exists);
        return pack is null ? [] : [.. pack.GetFiles("*.dll").Select(file => file.FullName)];
    }
}
