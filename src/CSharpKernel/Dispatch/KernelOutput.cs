using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Output;

namespace CSharpKernel.Dispatch;

/// <summary>
/// A request's outputs on their way to the front ends. Text is gathered for a moment, so that a cell that prints a lot does not send a
/// message a line.
/// </summary>
internal sealed class KernelOutput : ICellOutput, IDisposable
{
    private const int MostGathered = 64 << 10;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(40);
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly Timer _timer;
    private readonly Action<string, JsonObject> _publish;
    private readonly Func<string, bool, string> _ask;
    private readonly bool _silent;
    private readonly int _execution;
    private string _stream = "stdout";

    /// <param name="publish">Sends a message of a type to all front ends.</param>
    /// <param name="ask">Asks the front end that the request came from for input.</param>
    /// <param name="execution">The number of the execution.</param>
    /// <param name="silent">Whether nothing is to be shown.</param>
    public KernelOutput(Action<string, JsonObject> publish, Func<string, bool, string> ask, int execution, bool silent)
    {
        (_publish, _ask, _execution, _silent) = (publish, ask, execution, silent);
        _timer = new Timer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Stream(string name, string text)
    {
        lock (_gate)
        {
            if (_stream != name) Flush();
            _stream = name;
            if (_text.Length == 0) _timer.Change(Moment, Timeout.InfiniteTimeSpan);
            _text.Append(text);
            if (_text.Length >= MostGathered) Flush();
        }
    }

    public void Result(JsonObject data) =>
        Publish("execute_result", new() { ["execution_count"] = _execution, ["data"] = data, ["metadata"] = new JsonObject() });

    public void Display(JsonObject data, string id) => Publish("display_data", Shown(data, id));

    public void Update(JsonObject data, string id) => Publish("update_display_data", Shown(data, id));

    public void Clear(bool wait) => Publish("clear_output", new() { ["wait"] = wait });

    public string ReadLine(string prompt, bool password)
    {
        Flush();
        return _ask(prompt, password);
    }

    public void Publish(string type, JsonObject content)
    {
        if (_silent) return;
        lock (_gate)
        {
            Flush();
            _publish(type, content);
        }
    }

    public void Dispose()
    {
        Flush();
        _timer.Dispose();
    }

    private static JsonObject Shown(JsonObject data, string id) =>
        new() { ["data"] = data, ["metadata"] = new JsonObject(), ["transient"] = new JsonObject { ["display_id"] = id } };

    private void Flush()
    {
        lock (_gate)
        {
            if (_text.Length == 0) return;
            var text = _text.ToString();
            _text.Clear();
            if (!_silent) _publish("stream", new() { ["name"] = _stream, ["text"] = text });
        }
    }
}
