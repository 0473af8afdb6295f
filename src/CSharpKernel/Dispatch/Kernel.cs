using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CSharpKernel.Completion;
using CSharpKernel.Output;
using CSharpKernel.Protocol;
using CSharpKernel.Session;

namespace CSharpKernel.Dispatch;

/// <summary>A Jupyter kernel: answers a front end's messages with a C# session. One process serves one.</summary>
public sealed class Kernel : IDisposable
{
    private readonly ConnectionFile _connection;
    private readonly MessageCodec _codec;
    private readonly KernelSockets _sockets;
    private readonly CodeSession _session;
    private readonly LanguageService _language;
    private readonly ExecutionHistory _history = new();
    private readonly BlockingCollection<Message> _requests = [];
    private readonly BlockingCollection<string> _typed = [];
    private readonly CancellationTokenSource _ended = new();
    private int _execution;

    /// <param name="connectionFile">The file in which the front end says where it listens.</param>
    /// <param name="folder">Where <c>#r</c> and <c>#load</c> look, and cells run: the notebook's folder.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no connection file.</exception>
    public Kernel(string connectionFile, string folder)
    {
        _connection = ConnectionFile.Read(connectionFile);
        _codec = new MessageCodec(_connection.Key);
        _sockets = new KernelSockets(_connection, _codec);
        _session = new CodeSession(folder);
        _language = new LanguageService(_session);
        _sockets.Shell += message => _requests.TryAdd(message);
        _sockets.Control += Control;
        _sockets.Input += message => _typed.Add((string?)message.Content["value"] ?? "");
    }

    /// <summary>Serves the front end until it shuts the kernel down or is gone.</summary>
    public void Run()
    {
        var sockets = new Thread(_sockets.Run) { IsBackground = true, Name = "Jupyter sockets" };
        sockets.Start();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            _session.Interrupt();
        });
        using var orphaned = WatchParent();
        // The compiler wakes up while the front end still connects.
        _session.WarmUp();
        _ = Task.Run(() => _language.CompleteAsync("Console.", 8, _ended.Token));
        Status("starting", null);
        try
        {
            foreach (var request in _requests.GetConsumingEnumerable(_ended.Token)) Answer(request, _sockets.ReplyOnShell);
        }
        catch (OperationCanceledException)
        {
            // Shut down.
        }
        _sockets.Stop();
        sockets.Join(TimeSpan.FromSeconds(2));
    }

    /// <summary>Closes the sockets and frees the session.</summary>
    public void Dispose()
    {
        _sockets.Dispose();
        _language.Dispose();
        _session.Dispose();
        _requests.Dispose();
        _typed.Dispose();
        _ended.Dispose();
    }

    private void Control(Message request) => Answer(request, _sockets.ReplyOnControl);

    private void Answer(Message request, Action<Message> reply)
    {
        if (!request.Type.EndsWith("_request", StringComparison.Ordinal)) return;
        Status("busy", request);
        JsonObject content;
        var aborted = 0;
        try
        {
            (content, var failed) = request.Type == "execute_request" ? Execute(request) : (Reply(request), false);
            // After a failure, what the front end has sent already is not run: "run all" sends its cells at once.
            if (failed) aborted = _requests.Count;
        }
        catch (Exception error) when (!_ended.IsCancellationRequested)
        {
            content = Failure(new CellError(error.GetType().Name, $"The {request.Type} can't be answered: {error.Message}", 0,
                [error.Message]));
        }
        reply(_codec.Create(request.Type.Replace("_request", "_reply"), request, content));
        Status("idle", request);
        Abort(aborted);
        if (request.Type == "shutdown_request") ShutDown();
    }

    private JsonObject Reply(Message request) => request.Type switch
    {
        "kernel_info_request" => Information(),
        "complete_request" => Complete(request.Content),
        "inspect_request" => Inspect(request.Content),
        "is_complete_request" => IsComplete((string)request.Content["code"]!),
        "history_request" => _history.Reply(request.Content),
        "comm_info_request" => new() { ["status"] = "ok", ["comms"] = new JsonObject() },
        "interrupt_request" => Interrupt(),
        "shutdown_request" => new() { ["status"] = "ok", ["restart"] = (bool?)request.Content["restart"] ?? false },
        _ => throw new InvalidOperationException("this kernel knows no such request"),
    };

    private (JsonObject Reply, bool Failed) Execute(Message request)
    {
        var content = request.Content;
        var code = (string)content["code"]!;
        var silent = (bool?)content["silent"] ?? false;
        var stored = !silent && ((bool?)content["store_history"] ?? true);
        if (stored) _execution++;
        using var output = new KernelOutput(
            (type, published) => _sockets.Publish(_codec.Create(type, request, published) with { Identities = [] }),
            (prompt, password) => Ask(request, prompt, password), _execution, silent);
        output.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = _execution });
        while (_typed.TryTake(out _))
        {
            // What was typed for a cell that has ended is not for this one.
        }
        var error = _session.Execute(code, output, _execution);
        if (stored) _history.Add(_execution, code, null);
        if (error is not null)
        {
            var failure = Failure(error);
            output.Publish("error", failure.DeepClone().AsObject());
            failure["status"] = "error";
            failure["execution_count"] = _execution;
            return (failure, (bool?)content["stop_on_error"] ?? true);
        }
        _language.Add(code);
        var expressions = new JsonObject();
        foreach (var (name, expression) in content["user_expressions"]?.AsObject() ?? []) expressions[name] = Evaluate((string)expression!);
        return (new()
        {
            ["status"] = "ok",
            ["execution_count"] = _execution,
            ["user_expressions"] = expressions,
            ["payload"] = new JsonArray()
        }, false);
    }

    private JsonObject Evaluate(string expression)
    {
        var value = new Evaluated();
        return _session.Execute(expression, value, _execution) is { } error
            ? Failure(error)
            : new() { ["status"] = "ok", ["data"] = value.Data, ["metadata"] = new JsonObject() };
    }

    private JsonObject Complete(JsonObject request)
    {
        var code = (string)request["code"]!;
        var found = _language.CompleteAsync(code, Unit(code, (int?)request["cursor_pos"]), _ended.Token).GetAwaiter().GetResult();
        var (start, end) = (CodePoint(code, found.Start), CodePoint(code, found.End));
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)match.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray(
                    [.. found.Matches.Select(match =>
                        new JsonObject { ["text"] = match.Text, ["type"] = match.Kind, ["start"] = start, ["end"] = end })]),
            },
        };
    }

    private JsonObject Inspect(JsonObject request)
    {
        var code = (string)request["code"]!;
        var text = _language.ExplainAsync(code, Unit(code, (int?)request["cursor_pos"]), _ended.Token).GetAwaiter().GetResult();
        return new()
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? [] : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonObject IsComplete(string code)
    {
        var status = LanguageService.Completeness(code);
        JsonObject reply = new() { ["status"] = status };
        if (status == "incomplete") reply["indent"] = code.TrimEnd().EndsWith('{') ? "    " : "";
        return reply;
    }

    private JsonObject Interrupt()
    {
        _session.Interrupt();
        return new() { ["status"] = "ok" };
    }

    private string Ask(Message request, string prompt, bool password)
    {
        if ((bool?)request.Content["allow_stdin"] is not true)
            throw new InvalidOperationException("The cell asks for input, which this front end does not let it do.");
        _sockets.AskForInput(_codec.Create("input_request", request, new() { ["prompt"] = prompt, ["password"] = password }));
        return _typed.Take(_ended.Token);
    }

    private void Abort(int count)
    {
        for (; count > 0 && _requests.TryTake(out var request); count--)
        {
            if (request.Type != "execute_request")
            {
                Answer(request, _sockets.ReplyOnShell);
                continue;
            }
            Status("busy", request);
            _sockets.ReplyOnShell(
                _codec.Create("execute_reply", request, new() { ["status"] = "aborted", ["execution_count"] = _execution }));
            Status("idle", request);
        }
    }

    private void ShutDown()
    {
        _ended.Cancel();
        _session.Interrupt();
    }

    private void Status(string state, Message? request) =>
        _sockets.Publish(_codec.Create("status", request, new() { ["execution_state"] = state }) with { Identities = [] });

    private static JsonObject Failure(CellError error) => new()
    {
        ["status"] = "error",
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Trace.Select(line => (JsonNode)line)]),
    };

    private static JsonObject Information() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = "5.4",
        ["implementation"] = "csharp-kernel",
        ["implementation_version"] = typeof(Kernel).Assembly.GetName().Version!.ToString(3),
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
            ["nbconvert_exporter"] = "script",
        },
        ["banner"] = $"C# on {RuntimeInformation.FrameworkDescription}",
        ["help_links"] = new JsonArray(
            new JsonObject { ["text"] = "C# reference", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" }),
    };

    // Positions are counted in code points on the wire, and in UTF-16 units here.
    private static int Unit(string code, int? position) =>
        position is not { } points ? code.Length : code.EnumerateRunes().Take(points).Sum(rune => rune.Utf16SequenceLength);

    private static int CodePoint(string code, int unit) => code[..unit].EnumerateRunes().Count();

    // A kernel whose front end has died ends itself.
    private Timer? WatchParent()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), CultureInfo.InvariantCulture, out var parent)
            || parent <= 1) return null;
        return new Timer(_ =>
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(parent);
                if (!process.HasExited) return;
            }
            catch (ArgumentException)
            {
                // It is gone.
            }
            ShutDown();
        }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The value of a user's expression.</summary>
    private sealed class Evaluated : ICellOutput
    {
        public JsonObject Data { get; private set; } = [];

        public void Result(JsonObject data) => Data = data;

        public void Stream(string name, string text)
        {
        }

        public void Display(JsonObject data, string id)
        {
        }

        public void Update(JsonObject data, string id)
        {
        }

        public void Clear(bool wait)
        {
        }
    }
}
