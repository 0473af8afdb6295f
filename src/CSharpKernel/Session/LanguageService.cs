using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel;

/// <summary>What could stand at a place of a cell.</summary>
/// <param name="Start">Where what is replaced begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Matches">Each text with what it is: "method", "property", "local", ….</param>
public sealed record Completions(int Start, int End, IReadOnlyList<(string Text, string Kind)> Matches);

/// <summary>
/// Completion and explanation by Roslyn's own services. Each cell that ran is a submission that the next one builds on, as in
/// Roslyn's interactive window.
/// </summary>
public sealed class LanguageService : IDisposable
{
    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);
    private readonly AdhocWorkspace _workspace = new(MefHostServices.DefaultHost);
    private readonly CodeSession _session;
    private Solution _solution;
    private ProjectId? _last;

    /// <summary>The service of a session.</summary>
    /// <param name="session">Whose references and usings count.</param>
    public LanguageService(CodeSession session) => (_session, _solution) = (session, _workspace.CurrentSolution);

    /// <summary>Adds a cell that ran: what it defined can be completed from here on.</summary>
    /// <param name="code">The cell.</param>
    public void Add(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (solution, document) = With(code);
        (_solution, _last) = (solution, document.Project.Id);
    }

    /// <summary>What could stand at a place.</summary>
    /// <param name="code">The cell as far as it is written.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (_, document) = With(code);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position, cancellationToken: stop).ConfigureAwait(false);
        var typed = code[list.Span.Start..position];
        var matches = list.ItemsList
            .Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1).ThenBy(item => item.SortText, StringComparer.Ordinal)
            .Select(item => (item.DisplayText, item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "")).Distinct().ToArray();
        return new Completions(list.Span.Start, Math.Max(list.Span.End, position), matches);
    }

    /// <summary>What the thing at a place is: its signature and its documentation; null where nothing is known.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<string?> ExplainAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (_, document) = With(code);
        var service = QuickInfoService.GetService(document)!;
        // Behind a name, the name is meant.
        var found = await service.GetQuickInfoAsync(document, position, stop).ConfigureAwait(false)
            ?? (position > 0 ? await service.GetQuickInfoAsync(document, position - 1, stop).ConfigureAwait(false) : null);
        return found is null ? null : string.Join("\n\n", found.Sections.Select(section => section.Text).Where(text => text.Length > 0));
    }

    /// <summary>Whether a text can be run: "complete", "incomplete" (more lines are needed) or "invalid".</summary>
    /// <param name="code">The text.</param>
    public static string Completeness(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, Script);
        return !SyntaxFactory.IsCompleteSubmission(tree) ? "incomplete"
            : tree.GetDiagnostics().Any(found => found.Severity == DiagnosticSeverity.Error) ? "invalid"
            : "complete";
    }

    /// <summary>Frees the workspace.</summary>
    public void Dispose() => _workspace.Dispose();

    private (Solution Solution, Document Document) With(string code)
    {
        var (references, usings) = _session.Context;
        var id = ProjectId.CreateNewId();
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: usings, allowUnsafe: true);
        var project = ProjectInfo.Create(
            id, VersionStamp.Default, $"cell{_solution.ProjectIds.Count}", $"cell{_solution.ProjectIds.Count}", LanguageNames.CSharp, compilationOptions: options, parseOptions: Script,
            metadataReferences: references, projectReferences: _last is null ? [] : [new ProjectReference(_last)], isSubmission: true);
        var document = DocumentId.CreateNewId(id);
        var solution = _solution.AddProject(project)
            .AddDocument(DocumentInfo.Create(document, "cell", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default))));
        return (solution, solution.GetDocument(document)!);
    }
}
