using System.Text.RegularExpressions;

namespace CSharpKernel.Packages;

/// <summary>A package that <c>#r "nuget: …"</c> asks for.</summary>
/// <param name="Name">Its identifier.</param>
/// <param name="Version">The version or range; null for the newest stable one.</param>
internal sealed partial record Package(string Name, string? Version)
{
    /// <summary>The package that a directive's text names, or null where it names something else.</summary>
    public static Package? Parse(string reference) =>
        Form().Match(reference) is { Success: true } match
            ? new Package(match.Groups["name"].Value, match.Groups["version"] is { Success: true } version ? version.Value : null)
            : null;

    public override string ToString() => Version is null ? Name : $"{Name} {Version}";

    [GeneratedRegex(@"^\s*nuget\s*:\s*(?<name>[A-Za-z0-9_.-]+)\s*(,\s*(version\s*=\s*)?(?<version>[^\s].*?))?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
