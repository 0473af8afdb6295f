using System.Text;
using System.Text.RegularExpressions;

namespace CSharpKernel;

/// <summary>Lines of a cell that belong together.</summary>
/// <param name="Magic">The magic command that they follow, without <c>#!</c>: "csharp", "html", …</param>
/// <param name="Text">For C# the whole cell with all other lines blank, so that lines and columns stay; else the lines.</param>
internal sealed record CellPart(string Magic, string Text);

/// <summary>The magic commands: lines that begin with <c>#!</c>, under the names that C# notebooks know from .NET Interactive.</summary>
internal static partial class Magics
{
    private const string CSharpName = "csharp";

    // Those that the lines behind them are written in.
    private static readonly string[] Languages = [CSharpName, "html", "javascript", "markdown"];

    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.OrdinalIgnoreCase)
    {
        [CSharpName] = "the lines that follow are C#, as they are from the start",
        ["html"] = "the lines that follow are shown as HTML",
        ["javascript"] = "the lines that follow are run by the browser",
        ["lsmagic"] = "lists the magic commands",
        ["markdown"] = "the lines that follow are shown as Markdown",
        ["time"] = "says how long the cell took",
        ["who"] = "lists the names of the variables",
        ["whos"] = "lists the variables with type and value",
    };

    private static readonly Dictionary<string, string> Short = new(StringComparer.OrdinalIgnoreCase) { ["c#"] = CSharpName, ["js"] = "javascript", ["md"] = "markdown" };

    /// <summary>What there is, with <c>#!</c>.</summary>
    public static IEnumerable<string> Names => Descriptions.Keys.Select(name => "#!" + name);

    public static string List => string.Join('\n', Descriptions.Select(magic => $"#!{magic.Key,-12}{magic.Value}"));

    /// <summary>The parts of a cell in their order. Commands that stand alone are parts without text.</summary>
    public static IReadOnlyList<CellPart> Split(string code)
    {
        var lines = code.Split('\n');
        return
        [
            .. Parts(lines).Where(part => !Languages.Contains(part.Magic) || part.Lines.Any(line => lines[line].Trim().Length > 0))
                .Select(part => new CellPart(part.Magic, part.Magic == CSharpName ? Kept(lines, part.Lines) : string.Join('\n', part.Lines.Select(line => lines[line])).Trim('\n'))),
        ];
    }

    /// <summary>The cell's C# alone, everything else blank: each character stays where it was.</summary>
    public static string CSharp(string code)
    {
        var lines = code.Split('\n');
        return lines.Any(line => Name(line) is not null) ? Kept(lines, [.. Parts(lines).Where(part => part.Magic == CSharpName).SelectMany(part => part.Lines)]) : code;
    }

    /// <summary>Why a cell's magic commands can't be followed, or null.</summary>
    public static CellError? Check(IReadOnlyList<CellPart> parts)
    {
        if (parts.FirstOrDefault(part => !Descriptions.ContainsKey(part.Magic)) is not { } unknown) return null;
        var message = $"'#!{unknown.Magic}' is no magic command of this kernel. It knows {string.Join(", ", Names)}.";
        return new CellError("UnknownMagicCommand", message, 0, [message]);
    }

    private static List<(string Magic, List<int> Lines)> Parts(string[] lines)
    {
        var (parts, language) = (new List<(string Magic, List<int> Lines)> { (CSharpName, []) }, CSharpName);
        for (var i = 0; i < lines.Length; i++)
        {
            if (Name(lines[i]) is not { } magic)
            {
                parts[^1].Lines.Add(i);
                continue;
            }
            parts.Add((magic, []));
            if (Languages.Contains(magic)) language = magic;
            else parts.Add((language, []));
        }
        return parts;
    }

    private static string Kept(string[] lines, List<int> kept)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) text.Append('\n');
            if (next < kept.Count && kept[next] == i)
            {
                text.Append(lines[i]);
                next++;
            }
            else
            {
                text.Append(' ', lines[i].Length);
            }
        }
        return text.ToString();
    }

    private static string? Name(string line)
    {
        if (Command().Match(line) is not { Success: true } match) return null;
        var name = match.Groups[1].Value;
        return Short.TryGetValue(name, out var whole) ? whole : Descriptions.ContainsKey(name) ? name.ToLowerInvariant() : name;
    }

    [GeneratedRegex(@"^\s*#!([A-Za-z][\w#-]*)")]
    private static partial Regex Command();
}
