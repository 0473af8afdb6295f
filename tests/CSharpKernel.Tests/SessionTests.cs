using System.Text.Json.Nodes;

namespace CSharpKernel.Tests;

public sealed class SessionTests : IDisposable
{
    private readonly Recorder _output = new();
    private readonly CodeSession _session = new(Path.GetTempPath());

    [Fact]
    public void Cells_SeeWhatEarlierOnesDefined()
    {
        Run("var numbers = new List<int> { 1, 2, 3 };");
        Run("numbers.Sum()");
        Assert.Equal("6", _output.LastPlain);
    }

    [Fact]
    public void Await_WorksAtTheTop()
    {
        Run("var text = await Task.FromResult(\"later\");\ntext");
        Assert.Equal("later", _output.LastPlain);
    }

    [Fact]
    public void Console_ReachesTheOutputByStream()
    {
        Run("Console.WriteLine(\"a\"); Console.Error.Write(\"b\");");
        Assert.Equal([("stdout", "a\n"), ("stderr", "b")], _output.Streams);
    }

    [Fact]
    public void Display_ShowsBeforeTheEndAndHtmlAsHtml()
    {
        Run("\"<b>x</b>\".DisplayAs(\"text/html\"); 5.Display();");
        Assert.Equal("<b>x</b>", (string?)_output.Shown[0]["text/html"]);
        Assert.Equal("5", (string?)_output.Shown[1]["text/plain"]);
    }

    [Fact]
    public void CompilationError_ShowsTheLineWithACaret()
    {
        var error = _session.Execute("var a = 1;\nint b = missing;", _output);
        Assert.Equal(2, error!.Line);
        Assert.Equal(["(2,9): error CS0103: The name 'missing' does not exist in the current context", "int b = missing;", "        ^"], error.Trace);
    }

    [Fact]
    public void Exception_NamesTheLineAndKeepsWhatWasAssignedBefore()
    {
        Run("var kept = 1;");
        var error = _session.Execute("kept = 2;\nthrow new InvalidOperationException(\"no\");", _output);
        Assert.Equal(("System.InvalidOperationException", "no", 2), (error!.Name, error.Message, error.Line));
        Run("kept");
        Assert.Equal("2", _output.LastPlain);
    }

    [Fact]
    public void Interrupt_StopsAnEndlessLoopAndKeepsVariables()
    {
        Run("var kept = 7;");
        _output.Printed += _session.Interrupt;
        var error = _session.Execute("Console.Write(\"looping\"); while (true) { }", _output);
        Assert.Equal("Interrupted", error!.Name);
        Run("kept");
        Assert.Equal("7", _output.LastPlain);
    }

    [Fact]
    public void Reference_ToAnAssemblyTheProcessHas_NeedsNoFileAndBringsWhatLiesBesideIt()
    {
        Run("#r \"nowhere/Microsoft.CodeAnalysis.CSharp.Scripting.dll\"\nusing Microsoft.CodeAnalysis.CSharp.Scripting;\nusing Microsoft.CodeAnalysis.Scripting;");
        Run("nameof(CSharpScript) + nameof(ScriptOptions)");
        Assert.Equal("CSharpScriptScriptOptions", _output.LastPlain);
    }

    [Fact]
    public void Reference_ToNothing_IsACompilationError() =>
        Assert.Contains("nowhere.dll", _session.Execute("#r \"nowhere.dll\"", _output)!.Message);

    [Fact]
    public void Convention_OfTypeFormatterSources_IsFollowedByNameAlone()
    {
        Run("""
            class TypeFormatterSourceAttribute : Attribute { public TypeFormatterSourceAttribute(Type t) => FormatterSourceType = t; public Type FormatterSourceType { get; } public string[] PreferredMimeTypes { get; set; } }
            class Formatter { public string MimeType => "application/json"; public bool Format(object o, System.IO.TextWriter w) { w.Write("{\"n\":1}"); return true; } }
            class Source { public IEnumerable<object> CreateTypeFormatters() { yield return new Formatter(); } }
            [TypeFormatterSource(typeof(Source), PreferredMimeTypes = new[] { "application/json" })] class Shown { }
            new Shown()
            """);
        Assert.Equal(1, (int?)_output.Shown[^1]["application/json"]!["n"]);
    }

    public void Dispose() => _session.Dispose();

    private void Run(string code) => Assert.Null(_session.Execute(code, _output));

    private sealed class Recorder : ICellOutput
    {
        public List<(string, string)> Streams { get; } = [];

        public List<JsonObject> Shown { get; } = [];

        public string? LastPlain => (string?)Shown[^1]["text/plain"];

        public event Action? Printed;

        public void Stream(string name, string text)
        {
            Streams.Add((name, text));
            Printed?.Invoke();
        }

        public void Result(JsonObject data) => Shown.Add(data);

        public void Display(JsonObject data, string id) => Shown.Add(data);

        public void Update(JsonObject data, string id) => Shown.Add(data);

        public void Clear(bool wait) => Shown.Clear();
    }
}
