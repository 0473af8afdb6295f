using CSharpKernel.Completion;
using CSharpKernel.Session;

namespace KernelTests;

public sealed class MagicsTests : IDisposable
{
    private readonly Recorder _output = new();
    private readonly CodeSession _session = new(Path.GetTempPath());

    [Fact]
    public void Languages_TakeTurnsWithinACell()
    {
        Run("var name = 1;\n#!html\n<b>bold</b>\n<i>slanted</i>\n#!markdown\n# title\n#!js\nalert(1)\n#!csharp\nname + 1");
        Assert.Equal("<b>bold</b>\n<i>slanted</i>", (string?)_output.Shown[0]["text/html"]);
        Assert.Equal("# title", (string?)_output.Shown[1]["text/markdown"]);
        Assert.Equal("alert(1)", (string?)_output.Shown[2]["application/javascript"]);
        Assert.Equal("2", _output.LastPlain);
    }

    [Fact]
    public void LinesOfErrors_AreTheCells()
    {
        var error = _session.Execute("#!time\n#!html\n<b>x</b>\n#!csharp\n\nint b = missing;", _output);
        Assert.Equal(6, error!.Line);
        Assert.Equal("int b = missing;", error.Trace[1]);
    }

    [Fact]
    public void Time_IsSaidLast()
    {
        Run("#!time\n1");
        Assert.Equal("1", (string?)_output.Shown[^2]["text/plain"]);
        Assert.Matches(@"^Wall time: [\d,]+\.\d ms$", _output.LastPlain);
    }

    [Fact]
    public void WhoAndWhos_KnowEachNameAsItWasDeclaredLast()
    {
        Run("var count = 1; var text = \"a\";");
        Run("var count = 2.5;");
        Run("#!who");
        Assert.Equal(("stdout", "count\ntext\n"), _output.Streams[^1]);
        Run("#!whos");
        var html = (string)_output.Shown[^1]["text/html"]!;
        Assert.Contains(">count<", html);
        Assert.Contains(">2.5<", html);
        Assert.DoesNotContain(">1</td></tr>", html.Replace("<i>1</i>", ""));
    }

    [Fact]
    public void Lsmagic_ListsAllThereIs()
    {
        Run("#!lsmagic");
        Assert.All(MagicCommands.Names, name => Assert.Contains(name, _output.Streams[^1].Item2));
    }

    [Fact]
    public void AnUnknownOne_IsNamedAndNothingRuns()
    {
        var error = _session.Execute("Console.Write(\"ran\");\n#!fsharp\nlet x = 1", _output);
        Assert.Contains("'#!fsharp'", error!.Message);
        Assert.Contains("#!html", error.Message);
        Assert.Empty(_output.Streams);
    }

    [Fact]
    public void CompletenessAndCompletion_LookAtTheCSharpAlone()
    {
        Assert.Equal("complete", LanguageService.Completeness("#!html\n<b>{</b>\n#!csharp\nvar a = 1;"));
        Assert.Equal("incomplete", LanguageService.Completeness("#!time\nvoid F() {"));
    }

    public void Dispose() => _session.Dispose();

    private void Run(string code) => Assert.Null(_session.Execute(code, _output));
}
