using System.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace CSharpKernel;

// Session: C# cells compiled and run one after another, each seeing what those before it defined. It knows nothing of
// notebook files or of how its output travels.

/// <summary>One person's cells: variables, usings and references stay from cell to cell.</summary>
public sealed class CodeSession : IDisposable
{
    private static readonly string[] Usings =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "CSharpKernel", "CSharpKernel.CellFunctions"];

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly ScriptOptions _options;
    private readonly string _folder;
    private readonly ReferenceResolver _resolver;
    private readonly HashSet<MetadataReference> _references;
    private ScriptState<object>? _state;
    private CancellationTokenSource? _running;
    private Thread? _thread;
    private volatile Phase _phase;
    private int _cells;

    /// <summary>A session without any variables yet.</summary>
    /// <param name="folder">Where <c>#r</c> and <c>#load</c> look: the notebook's folder.</param>
    public CodeSession(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _resolver = new ReferenceResolver(_folder, _loader);
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0).ToArray();
        foreach (var assembly in loaded) _loader.RegisterDependency(assembly);
        _options = ScriptOptions.Default
            .WithReferences(loaded.Where(assembly => assembly.GetName().Name is { } name && (name.StartsWith("System", StringComparison.Ordinal) || name is "netstandard" or "CSharpKernel")))
            .AddReferences(typeof(Enumerable).Assembly, typeof(Console).Assembly, typeof(List<>).Assembly, typeof(System.Text.Json.JsonDocument).Assembly, typeof(File).Assembly)
            .WithImports(Usings)
            .WithMetadataResolver(_resolver)
            .WithSourceResolver(new SourceFileResolver([], _folder))
            .WithEmitDebugInformation(true)
            .WithFileEncoding(System.Text.Encoding.UTF8);
        _references = [.. _options.MetadataReferences.OfType<PortableExecutableReference>()];
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <param name="code">C# statements; the value of a last expression without semicolon is shown.</param>
    /// <param name="output">Told what the cell prints and shows, while it runs.</param>
    /// <param name="number">The cell's number for messages; by default one more than the last.</param>
    /// <returns>Why it failed, or null. What earlier cells defined stays either way.</returns>
    public CellError? Execute(string code, ICellOutput output, int? number = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        _cells = number ?? _cells + 1;
        var name = $"cell {_cells}";
        // A cell has the references of those before it. Given to it again, they would be kept for each cell that follows.
        var companions = _resolver.Companions(code).Except(_references).ToArray();
        var options = (_state is null ? _options.AddReferences(companions) : _options.WithReferences(companions)).WithFilePath(Path.Combine(_folder, name));
        using var running = new CancellationTokenSource();
        (_running, _thread, _phase) = (running, Thread.CurrentThread, Phase.Running);
        using var console = ConsoleCapture.Begin(output);
        try
        {
            Script<object> script = _state is null
                ? CSharpScript.Create<object>(code, options, assemblyLoader: _loader)
                : _state.Script.ContinueWith<object>(code, options);
            var errors = script.Compile(running.Token).Where(found => found.Severity == DiagnosticSeverity.Error).ToArray();
            if (errors.Length > 0) return CompilationError(errors, code);
#pragma warning disable SYSLIB0046 // Meant for notebooks and REPLs: nothing else can end a cell that loops for ever.
            ControlledExecution.Run(() => Run(script), running.Token);
#pragma warning restore SYSLIB0046
            _references.UnionWith(script.GetCompilation().References);
            if (_phase == Phase.Interrupted) return Interrupted;
            if (_state!.Exception is { } thrown) return RuntimeError(thrown, name);
            if (_state.ReturnValue is { } value and not DisplayedValue) output.Result(MimeBundle.Of(value));
            return null;
        }
        catch (Exception error) when (error is OperationCanceledException or ThreadInterruptedException)
        {
            return Interrupted;
        }
        catch (CompilationErrorException error)
        {
            return CompilationError(error.Diagnostics, code);
        }
        finally
        {
            if (Interlocked.Exchange(ref _phase, Phase.Idle) == Phase.Interrupted) Settle();
            (_running, _thread) = (null, null);
        }
    }

    /// <summary>What cells refer to and have imported, for a language service; the last cell's where there was one.</summary>
    internal (IEnumerable<MetadataReference> References, IReadOnlyList<string> Usings) Context =>
        (_references, Usings);

    /// <summary>Has the compiler ready before the first cell, which would wait for it otherwise.</summary>
    internal void WarmUp() => CSharpScript.Create<object>("1", _options, assemblyLoader: _loader).RunAsync().GetAwaiter().GetResult();

    /// <summary>Stops the cell that runs, even an endless loop; everything that was defined stays.</summary>
    public void Interrupt()
    {
        if (_running is not { } running || _thread is not { } thread || Interlocked.CompareExchange(ref _phase, Phase.Interrupted, Phase.Running) != Phase.Running) return;
        // The cancellation returns only when the thread has been stopped, and a thread that waits has to be woken for that.
        Task.Run(() =>
        {
            try
            {
                running.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The cell has ended by itself meanwhile.
            }
        });
        thread.Interrupt();
    }

    /// <summary>Lets go of the assemblies that cells were compiled to.</summary>
    public void Dispose() => _loader.Dispose();

    private static CellError Interrupted { get; } = new("Interrupted", "The cell was interrupted; variables keep their values.", 0, []);

    // An interruption that came too late to wake anything would wake the next cell.
    private static void Settle()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }

    private void Run(Script<object> script)
    {
        // An exception of the cell's own is kept in the state, so that what it assigned before stays visible.
        var task = _state is null ? script.RunAsync(null, _ => true) : script.RunFromAsync(_state, _ => true);
        _state = task.GetAwaiter().GetResult();
    }

    private static CellError CompilationError(IReadOnlyList<Diagnostic> errors, string code)
    {
        var lines = code.Split('\n');
        var trace = errors.SelectMany(error =>
        {
            var at = error.Location.GetLineSpan().StartLinePosition;
            string[] message = [$"({at.Line + 1},{at.Character + 1}): error {error.Id}: {error.GetMessage()}"];
            return at.Line < lines.Length ? [.. message, lines[at.Line].TrimEnd('\r'), new string(' ', at.Character) + "^"] : message;
        });
        return new CellError("CompilationError", errors[0].GetMessage(), errors[0].Location.GetLineSpan().StartLinePosition.Line + 1, [.. trace]);
    }

    private static CellError RuntimeError(Exception thrown, string cell)
    {
        var frames = new System.Diagnostics.StackTrace(thrown, fNeedFileInfo: true).GetFrames();
        var own = frames.FirstOrDefault(frame => Path.GetFileName(frame.GetFileName()) == cell);
        var line = own?.GetFileLineNumber() ?? 0;
        var causes = new List<string>();
        for (var cause = thrown; cause is not null; cause = cause.InnerException) causes.Add($"{cause.GetType().FullName}: {cause.Message}");
        return new CellError(thrown.GetType().FullName!, thrown.Message, line, [.. causes, .. line > 0 ? new[] { $"   at {cell}, line {line}" } : []]);
    }

    private enum Phase
    {
        Idle,
        Running,
        Interrupted,
    }
}
