using CSharpKernel.Language;
using CSharpKernel.Packages;
using CSharpKernel.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;

namespace CSharpKernel.Completion;

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
    private readonly AdhocWorkspace _workspace = new(MefHostServices.DefaultHost);
    private readonly CodeSession _session;
    private readonly Dictionary<string, MetadataReference> _documented = new(StringComparer.Ordinal);
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
        var root = Parse(MagicLines.CSharp(code));
        _usings.UnionWith(Usings(root));
        foreach (var member in root.Members)
        {
            string[] names = [.. Names(member)];
            if (names.Length == 0) continue;
            _declarations.RemoveAll(earlier => earlier.Names.Intersect(names).Any());
            _declarations.Add((names, member.ToString()));
        }
    }

    /// <summary>What could stand at a place: names, magic commands, files behind <c>#r</c> and <c>#load</c>.</summary>
    /// <param name="code">The cell as far as it is written.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var line = code[(code.LastIndexOf('\n', Math.Max(0, position - 1)) is var at && position > 0 ? at + 1 : 0)..position];
        if (DirectiveCompletions.At(line, position, _session.Folder) is { } found) return found;
        // Nothing may stand before a using directive.
        var (document, start) = With(code, alone: line.TrimStart().StartsWith("using ", StringComparison.Ordinal));
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, start + position, cancellationToken: stop).ConfigureAwait(false);
        var typed = code[Math.Max(0, list.Span.Start - start)..position];
        var matches = list.ItemsList
            .Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(item => item.SortText, StringComparer.Ordinal)
            .Select(item => (Text: item.DisplayText, item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "")).DistinctBy(item => item.Text)
                .ToArray();
        return new Completions(position - typed.Length, Math.Max(list.Span.End - start, position), matches);
    }

    /// <summary>
    /// What the thing at a place is: its signature and its documentation; within a call's parentheses the signatures of what
    /// is called. Null where nothing is known.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">Where the cursor is, counted in UTF-16 units.</param>
    /// <param name="stop">Ends the search.</param>
    public async Task<string?> ExplainAsync(string code, int position, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (document, start) = With(code);
        var at = start + position;
        // Behind a name, the name is meant.
        return (await OnNameAsync(document, at, stop).ConfigureAwait(false),
            await OnNameAsync(document, at - 1, stop).ConfigureAwait(false)) switch
        {
            (true, _) => await QuickInfoAsync(document, at, stop).ConfigureAwait(false),
            (_, true) => await QuickInfoAsync(document, at - 1, stop).ConfigureAwait(false),
            _ => await Signatures.AtAsync(document, at, stop).ConfigureAwait(false),
        };
    }

    /// <summary>Whether a text can be run: "complete", "incomplete" (more lines are needed) or "invalid".</summary>
    /// <param name="code">The text.</param>
    public static string Completeness(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(MagicLines.CSharp(code), ScriptDocument.Script);
        return !SyntaxFactory.IsCompleteSubmission(tree) ? "incomplete"
            : tree.GetDiagnostics().Any(found => found.Severity == DiagnosticSeverity.Error) ? "invalid"
            : "complete";
    }

    /// <summary>Frees the workspace.</summary>
    public void Dispose() => _workspace.Dispose();

    // The cell behind what was declared before it, or alone, and where in the document it begins.
    private (Document Document, int Start) With(string cell, bool alone = false)
    {
        var code = MagicLines.CSharp(cell);
        var (references, usings) = _session.Context;
        var before = alone ? "" : string.Concat(_declarations.Select(declaration => declaration.Text + "\n"));
        return (ScriptDocument.Of(_workspace, before + code, Documented(references), usings.Union(_usings).Union(Usings(Parse(code)))),
            before.Length);
    }

    private static async Task<bool> OnNameAsync(Document document, int position, CancellationToken stop)
    {
        var token = (await document.GetSyntaxRootAsync(stop).ConfigureAwait(false))!.FindToken(Math.Max(0, position));
        return token.Span.Contains(position) && (token.IsKind(SyntaxKind.IdentifierToken) || token.IsKeyword());
    }

    private static async Task<string?> QuickInfoAsync(Document document, int position, CancellationToken stop)
    {
        var found = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position, stop).ConfigureAwait(false);
        return found is null
            ? null
            : string.Join("\n\n", found.Sections.Select(section => section.Text.Trim()).Where(text => text.Length > 0));
    }

    // The framework's own assemblies say nothing about themselves; the SDK's descriptions of them do.
    private IEnumerable<MetadataReference> Documented(IEnumerable<MetadataReference> references)
    {
        var files = references.OfType<PortableExecutableReference>().Select(reference => reference.FilePath!);
        if (Framework.Documented.Count > 0) files = files.Where(file => !Framework.Contains(file)).Concat(Framework.Documented);
        return files.Select(file => _documented.TryGetValue(file, out var known) ? known : _documented[file] = WithDocumentation(file));
    }

    private static PortableExecutableReference WithDocumentation(string file)
    {
        var documentation = Path.ChangeExtension(file, ".xml");
        return MetadataReference.CreateFromFile(file, documentation: File.Exists(documentation)
            ? XmlDocumentationProvider.CreateFromFile(documentation)
            : null);
    }

    private static CompilationUnitSyntax Parse(string code) =>
        CSharpSyntaxTree.ParseText(code, ScriptDocument.Script).GetCompilationUnitRoot();

    private static IEnumerable<string> Usings(CompilationUnitSyntax root) =>
        root.Usings.Where(directive => directive.Alias is null && directive.Name is not null)
            .Select(directive => directive.Name!.ToString());

    // What a member declares; methods by their parameters too, since they can be overloaded.
    private static IEnumerable<string> Names(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        MethodDeclarationSyntax method => [method.Identifier.Text + method.ParameterList],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        GlobalStatementSyntax statement =>
            statement.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(variable => variable.Identifier.Text),
        _ => [],
    };
}
