using System.Text;
using System.Text.RegularExpressions;

namespace CSharpKernel.Language;

// Language: what a cell's text is made of: C# as Roslyn takes it, and lines that are none. It knows nothing of running it.

/// <summary>Lines of a cell that belong together.</summary>
/// <param name="Magic">The magic command that they follow, without <c>#!</c>: "csharp", "html", …</param>
/// <param name="Text">For C# the whole cell with all other lines blank, so that lines and columns stay; else the lines.</param>
internal sealed record CellPart(string Magic, string Text);

/// <summary>
/// A cell cut at its magic commands: lines that begin with <c>#!</c>, under the names that C# notebooks know from .NET Interactive.
/// </summary>
internal static partial class MagicLines
{
    /// <summary>The language that cells are in from the start.</summary>
    public const string CSharpName = "csharp";

    // Those that the lines behind them are written in.
    private static readonly string[] Languages = [CSharpName, "html", "javascript", "markdown"];

    private static readonly Dictionary<string, string> Short = new(StringComparer.OrdinalIgnoreCase)
    {
        ["c#"] = CSharpName,
        ["js"] = "javascript",
        ["md"] = "markdown",
    };

    /// <summary>The parts of a cell in their order. Commands that stand alone are parts without text.</summary>
    public static IReadOnlyList<CellPart> Split(string code)
    {
        var lines = code.Split('\n');
        return
        [
            .. Parts(lines).Where(part => !Languages.Contains(part.Magic) || part.Lines.Any(line => lines[line].Trim().Length > 0))
                .Select(part => new CellPart(part.Magic, part.Magic == CSharpName
                    ? Kept(lines, part.Lines)
                    : string.Join('\n', part.Lines.Select(line => lines[line])).Trim('\n'))),
        ];
    }

    /// <summary>The cell's C# alone, everything else blank: each character stays where it was.</summary>
    public static string CSharp(string code)
    {
        var lines = code.Split('\n');
        return lines.Any(line => Name(line) is not null)
            ? Kept(lines, [.. Parts(lines).Where(part => part.Magic == CSharpName).SelectMany(part => part.Lines)])
            : code;
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
        return Short.TryGetValue(name, out var whole) ? whole : name.ToLowerInvariant();
    }

    [GeneratedRegex(@"^\s*#!([A-Za-z][\w#-]*)")]
    private static partial Regex Command();
}
