using System.Text.RegularExpressions;
using CSharpKernel.Session;

namespace CSharpKernel.Completion;

/// <summary>What could stand on a line that is no C#: magic commands, and paths behind <c>#r</c> and <c>#load</c>.</summary>
internal static partial class DirectiveCompletions
{
    /// <summary>The completions of a line up to the cursor, or null where it is C#.</summary>
    /// <param name="line">The line as far as the cursor.</param>
    /// <param name="position">Where the cursor is in the cell.</param>
    /// <param name="folder">What paths are relative to.</param>
    public static Completions? At(string line, int position, string folder)
    {
        if (Magic().Match(line) is { Success: true } magic)
            return Matching(magic.Groups["typed"].Value, position, MagicCommands.Names.Select(name => (name, "magic")));
        if (PathDirective().Match(line) is not { Success: true } match) return null;
        var typed = match.Groups["typed"].Value;
        var name = Path.GetFileName(typed);
        var searched = new DirectoryInfo(Path.Combine(folder, typed[..^name.Length]));
        if (!searched.Exists) return new Completions(position, position, []);
        var endings = match.Groups["directive"].Value == "r" ? new[] { ".dll", ".exe" } : [".csx", ".cs"];
        return Matching(name, position, [
            .. searched.EnumerateDirectories().Where(found => !found.Name.StartsWith('.')).Select(found => (found.Name + "/", "folder"))
                .Order(),
            .. searched.EnumerateFiles().Where(found => endings.Contains(found.Extension.ToLowerInvariant()))
                .Select(found => (found.Name, "file")).Order()]);
    }

    private static Completions Matching(string typed, int position, IEnumerable<(string Text, string Kind)> all) =>
        new(position - typed.Length, position, [.. all.Where(found => found.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))]);

    [GeneratedRegex(@"^\s*(?<typed>#!\w*)$")]
    private static partial Regex Magic();

    [GeneratedRegex("""^\s*#(?<directive>r|load)\s+"(?!\s*nuget)(?<typed>[^"]*)$""")]
    private static partial Regex PathDirective();
}
