using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace KernelTests;

public sealed class NotebookRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("csharp-kernel-").FullName;

    [Fact]
    public void Run_PutsStreamsResultsAndCountsIntoTheNotebook()
    {
        var notebook = Make(Cell("Console.Write(\"10%\\r100%\\n\");\nvar x = 4;"), Cell("x * x"));
        Assert.Null(NotebookRunner.Run(notebook));

        var cells = Written(notebook);
        Assert.Equal("100%\n", string.Concat(cells[0]!["outputs"]![0]!["text"]!.AsArray().Select(line => (string?)line)));
        Assert.Equal("16", (string?)cells[1]!["outputs"]![0]!["data"]!["text/plain"]![0]);
        Assert.Equal(2, (int?)cells[1]!["execution_count"]);
    }

    [Fact]
    public void Run_StopsAtAFailingCellAndKeepsWhatItHad()
    {
        var notebook = Make(Cell("Console.Write(\"before\");\nthrow new Exception(\"stop\");"), Cell("1"));
        var failure = NotebookRunner.Run(notebook);

        Assert.Equal((1, 2, "stop"), (failure!.Cell, failure.Error.Line, failure.Error.Message));
        var outputs = Written(notebook)[0]!["outputs"]!.AsArray();
        Assert.Equal(["stream", "error"], outputs.Select(output => (string?)output!["output_type"]));
    }

    [Fact]
    public void Run_GoesOnAfterACellThatMayFail()
    {
        var failing = Cell("throw new Exception(\"shown\");");
        failing["metadata"]!["tags"] = new JsonArray("raises-exception");
        Assert.Null(NotebookRunner.Run(Make(failing, Cell("1"))));
    }

    [Fact]
    public void Run_CountsCodeCellsAloneAndTellsOfEachBeginningAndEnd()
    {
        var text = new JsonObject { ["cell_type"] = "markdown", ["id"] = "t", ["metadata"] = new JsonObject(), ["source"] = "text" };
        var told = new List<(int, int, string, bool)>();
        var failure = NotebookRunner.Run(Make(text, Cell("using System.IO;\nvar x = 1;"), text.DeepClone(), Cell("throw new Exception();")),
            cell => told.Add((cell.Cell, cell.Cells, cell.Title, cell.Time is null)));

        Assert.Equal(2, failure!.Cell);
        Assert.Equal([(1, 2, "var x = 1;", true), (1, 2, "var x = 1;", false), (2, 2, "throw new Exception();", true),
            (2, 2, "throw new Exception();", false)], told);
    }

    [Fact]
    public void Parameters_GivenFromOutside_TakeThePlaceOfThoseDeclared()
    {
        var notebook = Make(Parameters("var epochs = 30;\nvar rate = 0.01f;\nvar share = 0.5;\nvar name = \"a\";\nvar fast = false;"),
            Cell("$\"{epochs} {rate.GetType().Name} {share} {name} {fast}\""));
        Assert.Equal(["epochs", "rate", "share", "name", "fast"], NotebookParameters.Names(notebook));

        NotebookParameters.Inject(notebook, new Dictionary<string, string> { ["epochs"] = "-2" });
        NotebookParameters.Inject(notebook, new Dictionary<string,
            string>
        { ["epochs"] = "3", ["rate"] = "1e-3", ["share"] = "1", ["name"] = "x\"y", ["fast"] = "true" });
        Assert.Null(NotebookRunner.Run(notebook));

        var cells = Written(notebook);
        Assert.Equal(3, cells.Count);
        Assert.Equal("injected-parameters", (string?)cells[1]!["metadata"]!["tags"]![0]);
        Assert.Equal("3 Single 1 x\"y True", (string?)cells[2]!["outputs"]![0]!["data"]!["text/plain"]![0]);
    }

    [Theory]
    [InlineData("epoch", "3", "epochs")]
    [InlineData("epochs", "many", "Int32")]
    public void Parameters_UnknownOrOfAnotherType_AreRefused(string name, string value, string named)
    {
        var notebook = Make(Parameters("var epochs = 30;"));
        Assert.Contains(named,
            Assert.Throws<ArgumentException>(() => NotebookParameters.Inject(notebook, new Dictionary<string, string> { [name] = value }))
                .Message);
        Assert.Single(Written(notebook));
    }

    [Fact]
    public void ReadAndWrite_KeepEveryByte()
    {
        var path = Path.Combine(_folder, "kept.ipynb");
        var text = "{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",\n   \"id\": \"a\",\n   \"metadata\": {},\n   \"source\": [\n    "
            + "\"é < 1\\n\",\n    \"b\"\n   ]\n  }\n ],\n \"metadata\": {\n  \"unknown\": 1\n },\n \"nbformat\": 4,\n \"nbformat_minor\": "
                + "5\n}\n";
        File.WriteAllText(path, text);
        Notebook.Read(path).Write(path);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    public void Read_OfAnotherFile_NamesIt(string text)
    {
        var path = Path.Combine(_folder, "other.ipynb");
        File.WriteAllText(path, text);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Notebook.Read(path)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonObject Cell(string code) =>
        new()
        {
            ["cell_type"] = "code",
            ["id"] = "x",
            ["metadata"] = new JsonObject(),
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = code
        };

    private static JsonObject Parameters(string code)
    {
        var cell = Cell(code);
        cell["metadata"]!["tags"] = new JsonArray("parameters");
        return cell;
    }

    private Notebook Make(params JsonNode[] cells)
    {
        var path = Path.Combine(_folder, "made.ipynb");
        File.WriteAllText(path,
            new JsonObject
            {
                ["cells"] = new JsonArray(cells),
                ["metadata"] = new JsonObject(),
                ["nbformat"] = 4,
                ["nbformat_minor"] = 5
            }.ToJsonString());
        return Notebook.Read(path);
    }

    private static JsonArray Written(Notebook notebook)
    {
        notebook.Write(notebook.Path);
        return JsonNode.Parse(File.ReadAllText(notebook.Path))!["cells"]!.AsArray();
    }
}
