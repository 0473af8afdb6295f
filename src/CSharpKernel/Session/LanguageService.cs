using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
/// Completion and explanation by Roslyn's own services. What the cells that ran declared stands before the cell at hand in one
/// script, each name as it was declared last, so that a long session costs no more than the names it has.
/// </summary>
public sealed class LanguageService : IDisposable
{
    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);
    private readonly AdhocWorkspace _workspace = new(MefHostServices.DefaultHost);
    private readonly CodeSession _session;
    private readonly HashSet<string> _usings = [];
    private readonly List<(string[] Names, string Text)> _declarations = [];

    /// <summary>The service of a session.</summary>
    /// <param name="session">Whose references and usings count.</param>
    public LanguageService(CodeSession session) => _session = session;

    /// <summary>Adds a cell that ran: what it defined can be completed from here on.</summary>
    /// <param name="code">The cell.</param>
    public void Add(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var root = Parse(code);
        _usings.UnionWith(Usings(root));
        foreach (var member in root.Members)
        {
            string[] names = [.. Names(member)];
            if (names.Length == 0) continue;
            _declarations.RemoveAll(earlier => earlier.Names.Intersect(names).Any());
            _declarations.Add((names, member.ToString()));
        }
    }

    /// <summary>What could stand at a place.</summary>
    /// <param name="code">The cell as far as it is written.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (document, start) = With(code);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, start + position, cancellationToken: stop).ConfigureAwait(false);
        var typed = code[Math.Max(0, list.Span.Start - start)..position];
        var matches = list.ItemsList
            .Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1).ThenBy(item => item.SortText, StringComparer.Ordinal)
            .Select(item => (item.DisplayText, item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "")).Distinct().ToArray();
        return new Completions(position - typed.Length, Math.Max(list.Span.End - start, position), matches);
    }

    /// <summary>What the thing at a place is: its signature and its documentation; null where nothing is known.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<string?> ExplainAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (document, start) = With(code);
        var service = QuickInfoService.GetService(document)!;
        // Behind a name, the name is meant.
        var found = await service.GetQuickInfoAsync(document, start + position, stop).ConfigureAwait(false)
            ?? (position > 0 ? await service.GetQuickInfoAsync(document, start + position - 1, stop).ConfigureAwait(false) : null);
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

    // The cell behind what was declared before it, and where in the document it begins.
    private (Document Document, int Start) With(string code)
    {
        var (references, usings) = _session.Context;
        var before = string.Concat(_declarations.Select(declaration => declaration.Text + "\n"));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: usings.Union(_usings).Union(Usings(Parse(code))), allowUnsafe: true);
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        var solution = _workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(project, VersionStamp.Default, "cells", "cells", LanguageNames.CSharp, compilationOptions: options, parseOptions: Script, metadataReferences: references, isSubmission: true))
            .AddDocument(DocumentInfo.Create(document, "cell", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(before + code), VersionStamp.Default))));
        return (solution.GetDocument(document)!, before.Length);
    }

    private static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Script).GetCompilationUnitRoot();

    private static IEnumerable<string> Usings(CompilationUnitSyntax root) => root.Usings.Where(directive => directive.Alias is null && directive.Name is not null).Select(directive => directive.Name!.ToString());

    // What a member declares; methods by their parameters too, since they can be overloaded.
    private static IEnumerable<string> Names(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        MethodDeclarationSyntax method => [method.Identifier.Text + method.ParameterList],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        GlobalStatementSyntax statement => statement.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(variable => variable.Identifier.Text),
        _ => [],
    };
}
