using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Files;

namespace CSharpKernel.Notebooks;

// Notebooks: .ipynb files (nbformat 4.5) read, parameterised, run and written. They use a Session; a Session knows nothing
// of them.

/// <summary>A notebook file as it lies on disk; whatever this program does not know stays as it is.</summary>
public sealed class Notebook
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };
    private readonly JsonObject _root;

    private Notebook(string path, JsonObject root) => (Path, _root) = (path, root);

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    internal JsonArray Cells => _root["cells"]!.AsArray();

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="InvalidDataException">The file is no notebook of nbformat 4.</exception>
    public static Notebook Read(string path)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
            if (root?["cells"] is JsonArray && (int?)root["nbformat"] == 4) return new Notebook(System.IO.Path.GetFullPath(path), root);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is no notebook: {error.Message}", error);
        }
        throw new InvalidDataException($"{path} is no notebook of nbformat 4: it needs \"nbformat\": 4 and a list of \"cells\".");
    }

    /// <summary>Writes the notebook, whole or not at all.</summary>
    public void Write(string path)
    {
        AtomicFile.Write(path, file =>
        {
            using (var writer = new Utf8JsonWriter(file, Layout)) _root.WriteTo(writer);
            file.WriteByte((byte)'\n');
        });
    }

    internal static string Source(JsonNode cell) => Text(cell["source"]);

    /// <summary>A text as the format keeps it: whole, or as a list of its lines.</summary>
    internal static string Text(JsonNode? text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text ?? "";

    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var at && at < 0 ? text.Length : at + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }

    internal static bool HasTag(JsonNode cell, string tag) =>
        cell["metadata"]?["tags"] is JsonArray tags && tags.Any(found => (string?)found == tag);
}
