using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Workbook.Tests;

/// <summary>The program as a person starts it, in a folder of its own.</summary>
public sealed class WorkbookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbook-").FullName;

    public WorkbookTests() => Directory.CreateDirectory(Path.Combine(_folder, "notebooks"));

    [Fact]
    public void Run_WithoutNames_RunsTheFoldersNotebooksInOrderAndLeavesTheSourcesAlone()
    {
        var (first, second) = (Write("01-first", "1 + 1"), Write("02-second", "\"two\""));
        var before = (File.ReadAllText(first), File.ReadAllText(second));
        var (code, text, _) = Start("run");

        Assert.Equal(0, code);
        Assert.Equal(before, (File.ReadAllText(first), File.ReadAllText(second)));
        Assert.Equal("2", (string?)Executed("01-first")[0]!["outputs"]![0]!["data"]!["text/plain"]![0]);
        Assert.True(text.IndexOf("01-first.ipynb  [1/1]", StringComparison.Ordinal) is >= 0 and var at && at < text.IndexOf("02-second.ipynb  [1/1]", StringComparison.Ordinal), text);
        Assert.Contains("Where the ", text);
    }

    [Fact]
    public void Run_InPlace_WritesTheOutputsIntoTheNotebook()
    {
        var path = Write("01-first", "6 * 7");
        Assert.Equal(0, Start("run", "01", "--in-place").Code);
        Assert.Contains("\"42\"", File.ReadAllText(path));
        Assert.False(Directory.Exists(Path.Combine(_folder, "artifacts")));
    }

    [Fact]
    public void Run_ThatFails_NamesNotebookCellLineAndMessageAndKeepsWhatThereWas()
    {
        Write("01-first", "Console.WriteLine(\"before\");", "var x = 1;\nthrow new Exception(\"broken\");");
        Write("02-second", "2");
        var (code, _, errors) = Start("run");

        Assert.Equal(1, code);
        Assert.Contains("01-first.ipynb, cell 2, line 2: System.Exception: broken", errors);
        Assert.Equal("before\n", (string?)Executed("01-first")[0]!["outputs"]![0]!["text"]![0]);
        Assert.False(File.Exists(Path.Combine(_folder, "artifacts", "notebooks", "02-second.ipynb")));
    }

    [Fact]
    public void Run_WithParameters_GivesThemToTheNotebooksThatDeclareThem()
    {
        Write("01-first", "1");
        var path = Write("02-second", "var epochs = 30;", "epochs");
        var notebook = JsonNode.Parse(File.ReadAllText(path))!;
        notebook["cells"]![0]!["metadata"] = new JsonObject { ["tags"] = new JsonArray("parameters") };
        File.WriteAllText(path, notebook.ToJsonString());

        Assert.Equal(0, Start("run", "-p", "epochs=2").Code);
        Assert.Equal("2", (string?)Executed("02-second")[2]!["outputs"]![0]!["data"]!["text/plain"]![0]);
    }

    [Theory]
    [InlineData("run 09", "01-first")]
    [InlineData("run -p epochs=3", "epochs")]
    [InlineData("run -p epochs", "name=value")]
    public void Run_OfWhatThereIsNot_SaysWhatThereIsAndRunsNothing(string arguments, string named)
    {
        Write("01-first", "1");
        var (code, _, errors) = Start(arguments.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(named, errors);
        Assert.False(Directory.Exists(Path.Combine(_folder, "artifacts")));
    }

    [Fact]
    public void Run_OfANotebookWithReports_ShowsThemInEveryMimeType()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "DistractedDriver.dll").Replace("\\", "\\\\", StringComparison.Ordinal);
        Write("01-first", $"#r \"{library}\"\nusing DistractedDriver;\nChart.Lines(\"t\", \"x\", \"y\", new Series(\"a\", [1, 2]))", "new Table(\"h\").Add(1)", "display(HTML(\"<b>bold</b>\"))");
        var (code, text, errors) = Start("run");

        Assert.True(code == 0, text + errors);
        string[] Mimes(int cell) => [.. Executed("01-first")[cell]!["outputs"]![0]!["data"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(["application/vnd.plotly.v1+json", "image/png", "text/plain"], Mimes(0));
        Assert.Equal(["text/html", "text/plain"], Mimes(1));
        Assert.Equal(["text/html"], Mimes(2));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, params string[] cells)
    {
        var path = Path.Combine(_folder, "notebooks", name + ".ipynb");
        var code = cells.Select((source, i) => (JsonNode)new JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = $"c{i}",
            ["metadata"] = new JsonObject(),
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        });
        File.WriteAllText(path, new JsonObject { ["cells"] = new JsonArray([.. code]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString());
        return path;
    }

    private JsonArray Executed(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "artifacts", "notebooks", name + ".ipynb")))!["cells"]!.AsArray();

    [Fact]
    public void Install_ListsAKernelThatStarts_AndUninstallTakesItAway()
    {
        var (code, text, errors) = Start("install", "--prefix", _folder);
        Assert.True(code == 0, text + errors);
        var folder = Path.Combine(_folder, "share", "jupyter", "kernels", "csharp");
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal("message", (string?)spec["interrupt_mode"]);
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());

        // Started as the entry says, without the file that a front end writes, the kernel says what is missing.
        string[] command = [.. spec["argv"]!.AsArray().Select(part => (string)part! == "{connection_file}" ? Path.Combine(_folder, "none.json") : (string)part!)];
        var started = Start(new ProcessStartInfo(command[0], command[1..]));
        Assert.Equal(2, started.Code);
        Assert.Contains("none.json", started.Errors);

        Assert.Equal(0, Start("uninstall", "--prefix", _folder).Code);
        Assert.False(Directory.Exists(folder));
        Assert.Contains("is not listed", Start("uninstall", "--prefix", _folder).Output);
    }

    private (int Code, string Output, string Errors) Start(params string[] arguments) =>
        Start(new ProcessStartInfo("dotnet", arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "Workbook.dll"))));

    private (int Code, string Output, string Errors) Start(ProcessStartInfo start)
    {
        (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (_folder, true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
