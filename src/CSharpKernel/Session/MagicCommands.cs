using CSharpKernel.Cells;
using CSharpKernel.Language;
using CSharpKernel.Output;

namespace CSharpKernel.Session;

/// <summary>A magic command.</summary>
/// <param name="Name">Without <c>#!</c>: "html".</param>
/// <param name="Description">What it does, for the list.</param>
/// <param name="Run">
/// Runs it in a session on the lines that follow, which are empty for a command that stands alone; gives why it failed, or null.
/// </param>
internal sealed record MagicCommand(string Name, string Description, Func<CodeSession, string, CellError?> Run);

/// <summary>The magic commands that a cell may have.</summary>
internal static class MagicCommands
{
    /// <summary>All of them, in the order of their list: one entry each.</summary>
    public static readonly IReadOnlyList<MagicCommand> All =
    [
        new(MagicLines.CSharpName, "the lines that follow are C#, as they are from the start", (session, code) => session.RunCode(code)),
        new("html", "the lines that follow are shown as HTML", (_, text) => Show(text, "text/html")),
        new("javascript", "the lines that follow are run by the browser", (_, text) => Show(text, "application/javascript")),
        new("lsmagic", "lists the magic commands", (_, _) => Print(List)),
        new("markdown", "the lines that follow are shown as Markdown", (_, text) => Show(text, "text/markdown")),
        new(Time, "says how long the cell took", (_, _) => null),
        new("who", "lists the names of the variables", (session, _) =>
            Print(string.Join('\n', session.Variables().Select(variable => variable.Name)))),
        new("whos", "lists the variables with type and value", (session, _) => ShowVariables(session)),
    ];

    /// <summary>The command that the whole cell is timed by.</summary>
    public const string Time = "time";

    /// <summary>What there is, with <c>#!</c>.</summary>
    public static IEnumerable<string> Names => All.Select(command => "#!" + command.Name);

    private static string List => string.Join('\n', All.Select(command => $"#!{command.Name,-12}{command.Description}"));

    /// <summary>The command of that name; null where there is none.</summary>
    public static MagicCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The error of a command that there is not.</summary>
    public static CellError Unknown(string name)
    {
        var message = $"'#!{name}' is no magic command of this kernel. It knows {string.Join(", ", Names)}.";
        return new CellError("UnknownMagicCommand", message, 0, [message]);
    }

    private static CellError? Show(string text, string mimeType)
    {
        text.DisplayAs(mimeType);
        return null;
    }

    private static CellError? Print(string text)
    {
        Console.WriteLine(text);
        return null;
    }

    private static CellError? ShowVariables(CodeSession session)
    {
        session.Variables().Select(variable => (object)new { Variable = variable.Name, variable.Type, variable.Value }).Display();
        return null;
    }
}
