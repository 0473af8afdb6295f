using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CSharpKernel;

/// <summary>Where a run stopped.</summary>
/// <param name="Cell">The cell's number in the notebook, from 1.</param>
/// <param name="Error">Why.</param>
public sealed record NotebookFailure(int Cell, CellError Error);

/// <summary>Runs notebooks without a front end.</summary>
public static class NotebookRunner
{
    /// <summary>
    /// Runs every code cell in a session of the notebook's own, in the notebook's folder, and puts what it gave into the
    /// notebook. A cell tagged raises-exception may fail.
    /// </summary>
    /// <param name="notebook">The notebook; its outputs are replaced.</param>
    /// <param name="progress">Told of each cell that ended: its number from 1, how many there are, and how long it took.</param>
    /// <returns>Where it failed, or null.</returns>
    public static NotebookFailure? Run(Notebook notebook, Action<int, int, TimeSpan>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var folder = Path.GetDirectoryName(notebook.Path)!;
        var before = Environment.CurrentDirectory;
        using var session = new CodeSession(folder);
        try
        {
            Environment.CurrentDirectory = folder;
            var count = 0;
            for (var i = 0; i < notebook.Cells.Count; i++)
            {
                var cell = notebook.Cells[i]!;
                if ((string?)cell["cell_type"] != "code") continue;
                var watch = Stopwatch.StartNew();
                var outputs = new NotebookOutputs(++count);
                var error = session.Execute(Notebook.Source(cell), outputs);
                if (error is not null) outputs.Fail(error);
                cell["execution_count"] = count;
                cell["outputs"] = outputs.ToJson();
                progress?.Invoke(i + 1, notebook.Cells.Count, watch.Elapsed);
                if (error is not null && !Notebook.HasTag(cell, "raises-exception")) return new NotebookFailure(i + 1, error);
            }
            return null;
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>A cell's outputs as nbformat has them.</summary>
    private sealed class NotebookOutputs(int execution) : ICellOutput
    {
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

        public void Show(JsonObject data, bool isResult)
        {
            foreach (var (mime, value) in data.ToArray())
                if (value is JsonValue text && text.TryGetValue<string>(out var lines) && mime.StartsWith("text/", StringComparison.Ordinal)) data[mime] = Notebook.Lines(lines);
            var output = new JsonObject { ["data"] = data };
            if (isResult) output["execution_count"] = execution;
            output["metadata"] = new JsonObject();
            output["output_type"] = isResult ? "execute_result" : "display_data";
            _outputs.Add((JsonNode)output);
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
