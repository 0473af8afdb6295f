using System.Diagnostics;
using System.Text.Json.Nodes;
using KernelTests;

namespace WorkbookTests;

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
        Assert.True(text.IndexOf("01-first.ipynb  [1/1]", StringComparison.Ordinal) is >= 0 and var at
            && at < text.IndexOf("02-second.ipynb  [1/1]", StringComparison.Ordinal), text);
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
        Write("01-first", $"#r \"{library}\"\nusing DistractedDriver.Reports;\nChart.Lines(\"t\", \"x\", \"y\", new Series(\"a\", [1, "
            + "2]))", "new Table(\"h\").Add(1)", "display(HTML(\"<b>bold</b>\"))");
        var (code, text, errors) = Start("run");

        Assert.True(code == 0, text + errors);
        string[] Mimes(int cell) =>
            [.. Executed("01-first")[cell]!["outputs"]![0]!["data"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal)];
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
        File.WriteAllText(path,
            new JsonObject
            {
                ["cells"] = new JsonArray([.. code]),
                ["metadata"] = new JsonObject(),
                ["nbformat"] = 4,
                ["nbformat_minor"] = 5
            }.ToJsonString());
        return path;
    }

    private JsonArray Executed(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "artifacts", "notebooks", name + ".ipynb")))!["cells"]!.AsArray();

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
        string[] command = [.. spec["argv"]!.AsArray()
            .Select(part => (string)part! == "{connection_file}" ? Path.Combine(_folder, "none.json") : (string)part!)];
        var started = Start(new ProcessStartInfo(command[0], command[1..]));
        Assert.Equal(2, started.Code);
        Assert.Contains("none.json", started.Errors);

        Assert.Equal(0, Start("uninstall", "--prefix", _folder).Code);
        Assert.False(Directory.Exists(folder));
        Assert.Contains("is not listed", Start("uninstall", "--prefix", _folder).Output);
    }

    [Fact]
    public void Html_WritesPagesThatNeedNothingElseAndAnIndex()
    {
        var (first, _) = (Write("01-first", "var x = \"<a>\"; // why", "throw new Exception();"), Write("02-second", "2"));
        var notebook = JsonNode.Parse(File.ReadAllText(first))!;
        File.WriteAllBytes(Path.Combine(_folder, "notebooks", "dot.png"), [1, 2, 3]);
        notebook["cells"]!.AsArray()
            .Insert(0, new JsonObject
            {
                ["cell_type"] = "markdown",
                ["metadata"] = new JsonObject(),
                ["source"] = "# First & foremost\n\nWhat it *is*.\n\n[next](02-second.ipynb#x) ![dot](dot.png)"
            });
        notebook["cells"]![1]!["outputs"] = new JsonArray(
            new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "\u001b[31mred\u001b[0m <b>" },
            new JsonObject
            {
                ["output_type"] = "display_data",
                ["data"] = new JsonObject
                {
                    ["application/vnd.plotly.v1+json"] = new JsonObject
                    {
                        ["data"] = new JsonArray(),
                        ["layout"] = new JsonObject { ["title"] = "</script>" }
                    },
                    ["image/png"] = "AAAA"
                }
            });
        File.WriteAllText(first, notebook.ToJsonString());

        var (code, text, errors) = Start("html", "--output", "site", "--title", "The <course>");
        Assert.True(code == 0, text + errors);
        string Page(string name) => File.ReadAllText(Path.Combine(_folder, "site", name));
        Assert.Contains("<h1>The &lt;course&gt;</h1>", Page("index.html"));
        Assert.Contains("<a href=\"01-first.html\"><b>First &amp; foremost</b><span>What it is.</span></a>", Page("index.html"));
        Assert.Contains("<b>02-second</b>", Page("index.html"));
        Assert.Contains("href=\"02-second.html#x\"", Page("01-first.html"));
        Assert.Contains("src=\"data:image/png;base64,AQID\"", Page("01-first.html"));
        Assert.Contains("<span class=\"keyword\">var</span> x = <span class=\"string\">&quot;&lt;a&gt;&quot;</span>; <span "
            + "class=\"comment\">// why</span>", Page("01-first.html"));
        Assert.Contains(">red &lt;b&gt;</pre>", Page("01-first.html"));
        Assert.Contains("Plotly.newPlot", Page("01-first.html"));
        Assert.DoesNotContain("\"</script>", Page("01-first.html"));
        Assert.DoesNotContain("Plotly", Page("02-second.html"));
        Assert.DoesNotMatch("(src|href)=\"https?:", Page("02-second.html"));
    }

    [Fact]
    public void Html_OfNothing_SaysSo()
    {
        var (code, _, errors) = Start("html", "07");
        Assert.Equal(2, code);
        Assert.Contains("'07' is no notebook", errors);
        Assert.False(Directory.Exists(Path.Combine(_folder, "artifacts")));
    }

    [Fact]
    public void Doctor_FindsWhatTheNotebooksCannotDoWithout()
    {
        var (code, text, errors) = Start("doctor");
        Assert.True(code == 0, text + errors);
        Assert.Matches(@"(?m)^ok +\.NET SDK +\d+\.", text);
        Assert.Matches(@"(?m)^ok +LibTorch ", text);
        Assert.Matches("(?m)Jupyter kernel", text);
    }

    [Fact]
    public void AnInterruptSignal_EndsTheCellAndNotTheKernel()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        Process? kernel = null;
        using var frontEnd = new FrontEnd(connectionFile =>
        {
            kernel = Process.Start(
                new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Workbook.dll"), "kernel", "-f", connectionFile]))!;
            kernel.WaitForExit();
        });
        frontEnd.Execute("var kept = 1;");
        var request = frontEnd.Send("execute_request", new() { ["code"] = "Console.WriteLine(\"looping\"); while (true) { }" });
        frontEnd.WaitForText("looping");
        using (var kill = Process.Start("kill", ["-INT", $"{kernel!.Id}"])) kill.WaitForExit();
        Assert.Equal("Interrupted", (string?)frontEnd.Reply()["ename"]);
        frontEnd.Published(request);
        Assert.Equal("ok", (string?)frontEnd.Execute("kept").Reply["status"]);
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
