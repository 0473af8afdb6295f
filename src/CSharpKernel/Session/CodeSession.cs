using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CSharpKernel.Cells;
using CSharpKernel.Display;
using CSharpKernel.Language;
using CSharpKernel.Output;
using CSharpKernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace CSharpKernel.Session;

// Session: C# cells compiled and run one after another, each seeing what those before it defined. It knows nothing of
// notebook files or of how its output travels.

/// <summary>One person's cells: variables, usings and references stay from cell to cell.</summary>
public sealed partial class CodeSession : IDisposable
{
    /// <summary>What every cell has imported.</summary>
    internal static readonly string[] Usings =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
            "CSharpKernel.Cells", "CSharpKernel.Cells.CellFunctions"];

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly ScriptOptions _options;
    private readonly ReferenceResolver _resolver;
    private readonly HashSet<MetadataReference> _references;
    private ScriptState<object>? _state;
    private readonly CellThread _thread = new();
    private readonly FormatterRegistry _formatters = new();
    private ICellOutput? _output;
    private int _cells;

    /// <summary>A session without any variables yet.</summary>
    /// <param name="folder">Where <c>#r</c> and <c>#load</c> look: the notebook's folder.</param>
    public CodeSession(string folder)
    {
        Folder = Path.GetFullPath(folder);
        _resolver = new ReferenceResolver(Folder, _loader);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0)) _loader.RegisterDependency(assembly);
        _options = ScriptOptions.Default
            .WithReferences(Framework.Assemblies.Append(typeof(CodeSession).Assembly.Location).Select(file => _resolver.Of(file)))
            .WithImports(Usings)
            .WithMetadataResolver(_resolver)
            .WithSourceResolver(new SourceFileResolver([], Folder))
            .WithEmitDebugInformation(true)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithFileEncoding(System.Text.Encoding.UTF8);
        _references = [.. _options.MetadataReferences.OfType<PortableExecutableReference>()];
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <param name="code">
    /// C# statements; the value of a last expression without semicolon is shown. Lines that begin with <c>#!</c> are magic commands.
    /// </param>
    /// <param name="output">Told what the cell prints and shows, while it runs.</param>
    /// <param name="number">The cell's number for messages; by default one more than the last.</param>
    /// <returns>Why it failed, or null. What earlier cells defined stays either way.</returns>
    public CellError? Execute(string code, ICellOutput output, int? number = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(output);
        _cells = number ?? _cells + 1;
        var parts = MagicLines.Split(code);
        if (parts.FirstOrDefault(part => MagicCommands.Find(part.Magic) is null) is { } unknown) return MagicCommands.Unknown(
            unknown.Magic);
        using var console = ConsoleCapture.Begin(output);
        using var running = RunningCell.Begin(output, _formatters);
        _output = output;
        var watch = Stopwatch.StartNew();
        foreach (var part in parts)
            if (MagicCommands.Find(part.Magic)!.Run(this, part.Text) is { } error) return error;
        if (parts.Any(part => part.Magic == MagicCommands.Time)) string.Create(CultureInfo.InvariantCulture,
            $"Wall time: {watch.Elapsed.TotalMilliseconds:N1} ms").DisplayAs("text/plain");
        return null;
    }

    /// <summary>Where <c>#r</c> and <c>#load</c> look.</summary>
    internal string Folder { get; }

    /// <summary>What cells refer to and have imported, for a language service; the last cell's where there was one.</summary>
    internal (IEnumerable<MetadataReference> References, IReadOnlyList<string> Usings) Context =>
        (_references, Usings);

    /// <summary>Has the compiler ready before the first cell, which would wait for it otherwise.</summary>
    internal void WarmUp() => CSharpScript.Create<object>("1", _options, assemblyLoader: _loader).RunAsync().GetAwaiter().GetResult();

    /// <summary>Stops the cell that runs, even an endless loop; everything that was defined stays.</summary>
    public void Interrupt() => _thread.Interrupt();

    /// <summary>Ends the thread of the cells and lets go of the assemblies that they were compiled to.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        _loader.Dispose();
        _resolver.Dispose();
    }

    /// <summary>The variables, each name as it was declared last.</summary>
    internal IEnumerable<ScriptVariable> Variables() =>
        (_state?.Variables ?? []).GroupBy(variable => variable.Name).Select(group => group.Last())
            .OrderBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs C# of the cell at hand.</summary>
    /// <returns>Why it failed, or null.</returns>
    internal CellError? RunCode(string code)
    {
        var name = $"cell {_cells}";
        CellError? error = null;
        return _thread.Run(stop => error = Run(code, name, _output!, stop)) ? error : Interrupted;
    }

    private CellError? Run(string code, string name, ICellOutput output, CancellationToken stop)
    {
        MetadataReference[] added;
        try
        {
            // A cell has the references of those before it. Given to it again, they would be kept for each cell that follows.
            added = [.. _resolver.ReferencesOf(code = WithoutSources(code), output).Except(_references)];
        }
        catch (PackageException error)
        {
            return Plain("PackageError", error.Message);
        }
        var options = (_state is null ? _options.AddReferences(added) : _options.WithReferences(added))
            .WithFilePath(Path.Combine(Folder, name));
        Script<object> script = _state is null
            ? CSharpScript.Create<object>(code, options, assemblyLoader: _loader)
            : _state.Script.ContinueWith<object>(code, options);
        try
        {
            script.CreateDelegate(stop);
        }
        catch (CompilationErrorException error)
        {
            return CompilationError([.. error.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)], code);
        }
        Task? ended = null;
        CellThread.Await(() => ended = RunAndShow(script, output), stop);
        _references.UnionWith(script.GetCompilation().References);
        if (ended!.Exception?.InnerException is { } notShown) return RuntimeError(notShown, name);
        return _state!.Exception is { } thrown ? RuntimeError(thrown, name) : null;
    }

    private async Task RunAndShow(Script<object> script, ICellOutput output)
    {
        // An exception of the cell's own is kept in the state, so that what it assigned before stays visible.
        _state = await (_state is null ? script.RunAsync(null, _ => true) : script.RunFromAsync(_state, _ => true)).ConfigureAwait(true);
        if (_state is { Exception: null, ReturnValue: { } value and not DisplayedValue }) output.Result(new MimeBundles(_formatters)
            .Of(value));
    }

    // "#i" is no directive of the compiler's.
    private string WithoutSources(string code) => SourceDirective().Replace(code, directive =>
    {
        _resolver.AddSource(directive.Groups["source"].Value);
        return new string(' ', directive.Length);
    });

    [GeneratedRegex("""^[ \t]*#i[ \t]+"[ \t]*nuget[ \t]*:[ \t]*(?<source>[^"\r\n]+?)[ \t]*"[ \t]*""", RegexOptions.Multiline)]
    private static partial Regex SourceDirective();

    private static CellError Interrupted { get; } = Plain("Interrupted", "The cell was interrupted; variables keep their values.");

    private static CellError Plain(string name, string message) => new(name, message, 0, message.Split('\n'));

    private static CellError CompilationError(Diagnostic[] errors, string code)
    {
        var lines = code.Split('\n');
        var trace = errors.SelectMany(error =>
        {
            var at = error.Location.GetLineSpan().StartLinePosition;
            string[] message = [$"({at.Line + 1},{at.Character + 1}): error {error.Id}: {error.GetMessage()}"];
            return at.Line < lines.Length ? [.. message, lines[at.Line].TrimEnd('\r'), new string(' ', at.Character) + "^"] : message;
        });
        return new CellError("CompilationError", errors[0].GetMessage(), errors[0].Location.GetLineSpan().StartLinePosition.Line + 1,
            [.. trace]);
    }

    private static CellError RuntimeError(Exception thrown, string cell)
    {
        var frames = new StackTrace(thrown, fNeedFileInfo: true).GetFrames();
        var own = frames.FirstOrDefault(frame => Path.GetFileName(frame.GetFileName()) == cell);
        var line = own?.GetFileLineNumber() ?? 0;
        var causes = new List<string>();
        for (var cause = thrown; cause is not null; cause = cause.InnerException) causes.Add(
            $"{cause.GetType().FullName}: {cause.Message}");
        return new CellError(thrown.GetType().FullName!, thrown.Message, line,
            [.. causes, .. line > 0 ? new[] { $"   at {cell}, line {line}" } : []]);
    }
}
