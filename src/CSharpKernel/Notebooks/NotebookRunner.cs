using System.Diagnostics;
using System.Text.Json.Nodes;
using CSharpKernel.Output;
using CSharpKernel.Session;

namespace CSharpKernel.Notebooks;

/// <summary>Where a run stopped.</summary>
/// <param name="Cell">The code cell's number, from 1, as the notebook shows it in brackets.</param>
/// <param name="Error">Why.</param>
public sealed record NotebookFailure(int Cell, CellError Error);

/// <summary>A cell that begins or has ended.</summary>
/// <param name="Cell">The code cell's number, from 1.</param>
/// <param name="Cells">How many code cells the notebook has.</param>
/// <param name="Title">The first line of its code that is neither empty nor a directive.</param>
/// <param name="Time">How long it took; null while it runs.</param>
public sealed record CellProgress(int Cell, int Cells, string Title, TimeSpan? Time);

/// <summary>Runs notebooks without a front end.</summary>
public static class NotebookRunner
{
    /// <summary>
    /// Runs every code cell in a session of the notebook's own, in the notebook's folder, and puts what it gave into the
    /// notebook. A cell tagged raises-exception may fail.
    /// </summary>
    /// <param name="notebook">The notebook; its outputs are replaced.</param>
    /// <param name="progress">Told of each cell that begins and that has ended.</param>
    /// <returns>Where it failed, or null.</returns>
    public static NotebookFailure? Run(Notebook notebook, Action<CellProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var folder = Path.GetDirectoryName(notebook.Path)!;
        var before = Environment.CurrentDirectory;
        using var session = new CodeSession(folder);
        try
        {
            Environment.CurrentDirectory = folder;
            var cells = notebook.Cells.Where(cell => (string?)cell!["cell_type"] == "code").ToArray();
            foreach (var cell in cells)
            {
                cell!["execution_count"] = null;
                cell["outputs"] = new JsonArray();
            }
            for (var i = 0; i < cells.Length; i++)
            {
                var (cell, code) = (cells[i]!, Notebook.Source(cells[i]!));
                var running = new CellProgress(i + 1, cells.Length, Title(code), null);
                progress?.Invoke(running);
                var watch = Stopwatch.StartNew();
                var outputs = new NotebookOutputs(i + 1);
                var error = session.Execute(code, outputs);
                if (error is not null) outputs.Fail(error);
                cell["execution_count"] = i + 1;
                cell["outputs"] = outputs.ToJson();
                progress?.Invoke(running with { Time = watch.Elapsed });
                if (error is not null && !Notebook.HasTag(cell, "raises-exception")) return new NotebookFailure(i + 1, error);
            }
            return null;
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static string Title(string code) =>
        code.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.Length > 0 && line[0] != '#' && !line.StartsWith("using ", StringComparison.Ordinal))
                ?? code.Split('\n')[0].Trim();

    /// <summary>A cell's outputs as nbformat has them.</summary>
    private sealed class NotebookOutputs(int execution) : ICellOutput
    {
        private readonly Dictionary<string, JsonObject> _displayed = [];
        private readonly JsonArray _outputs = [];
        private readonly List<(JsonObject Output, System.Text.StringBuilder Text)> _streams = [];

        public void Stream(string name, string text)
        {
            if (_streams.Count == 0 || _streams[^1].Output != _outputs[^1] || (string?)_streams[^1].Output["name"] != name)
            {
                var output = new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = new JsonArray() };
                _outputs.Add((JsonNode)output);
                _streams.Add((output, new()));
            }
            _streams[^1].Text.Append(text);
        }

        public void Result(JsonObject data) => Add(data, "execute_result", execution);

        public void Display(JsonObject data, string id) => _displayed[id] = Add(data, "display_data");

        public void Update(JsonObject data, string id)
        {
            if (_displayed.TryGetValue(id, out var output)) output["data"] = InLines(data);
        }

        public void Clear(bool wait)
        {
            _outputs.Clear();
            _streams.Clear();
        }

        private JsonObject Add(JsonObject data, string type, int? executionCount = null)
        {
            var output = new JsonObject { ["data"] = InLines(data) };
            if (executionCount is not null) output["execution_count"] = executionCount;
            output["metadata"] = new JsonObject();
            output["output_type"] = type;
            _outputs.Add((JsonNode)output);
            return output;
        }

        private static JsonObject InLines(JsonObject data)
        {
            foreach (var (mime, value) in data.ToArray())
                if (value is JsonValue text && text.TryGetValue<string>(out var lines)
                    && mime.StartsWith("text/", StringComparison.Ordinal)) data[mime] = Notebook.Lines(lines);
            return data;
        }

        public void Fail(CellError error) => _outputs.Add((JsonNode)new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Trace.Select(line => (JsonNode)line)]),
        });

        public JsonArray ToJson()
        {
            foreach (var (output, text) in _streams) output["text"] = Notebook.Lines(LastStates(text.ToString()));
            return _outputs;
        }

        // A line rewritten by carriage returns, such as a progress bar, is kept as it looked in the end.
        private static string LastStates(string text) =>
            string.Join('\n', text.Replace("\r\n", "\n").Split('\n').Select(line => line[(line.TrimEnd('\r').LastIndexOf('\r') + 1)..]));
    }
}
