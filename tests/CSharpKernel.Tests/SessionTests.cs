using CSharpKernel.Session;

namespace KernelTests;

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
        Assert.Equal(["(2,9): error CS0103: The name 'missing' does not exist in the current context", "int b = missing;", "        ^"],
            error.Trace);
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

    [Theory]
    [InlineData("")]
    [InlineData("await Task.Delay(20); ")]
    public void Interrupt_StopsEndlessLoopsAgainAndAgain(string before)
    {
        _output.Printed += _session.Interrupt;
        for (var i = 0; i < 4; i++) Assert.Equal("Interrupted",
            _session.Execute(before + "Console.Write(\"looping\"); while (true) { }", _output)!.Name);
    }

    [Fact]
    public void Interrupt_StopsAValueThatIsShownForEver()
    {
        _output.Printed += _session.Interrupt;
        Run("IEnumerable<int> Never() { Console.Write(\"looping\"); while (true) { } yield return 1; }");
        Assert.Equal("Interrupted", _session.Execute("Never()", _output)!.Name);
    }

    [Fact]
    public void AValueThatCannotBeShown_IsAnErrorOfTheCell()
    {
        Run("class Unshown { public override string ToString() => throw new NotSupportedException(\"no text\"); }");
        Assert.Equal("no text", _session.Execute("new Unshown()", _output)!.Message);
        Run("1");
    }

    [Fact]
    public void Cells_ShareAThread()
    {
        Run("var first = Environment.CurrentManagedThreadId; await Task.Delay(5);");
        Run("first == Environment.CurrentManagedThreadId");
        Assert.Equal("True", _output.LastPlain);
    }

    [Fact]
    public void WaitingForWhatContinuesElsewhere_DoesNotStandStill()
    {
        Run("async Task<int> Later(int x) { await Task.Delay(5); await Task.Yield(); return x; }");
        Run("await Task.Delay(5);\nvar sum = Later(1).Result + Task.WhenAll(Later(2), Later(3)).Result.Sum() + await Later(4);\nsum");
        Assert.Equal("10", _output.LastPlain);
    }

    [Fact]
    public void WhatNativeCodeAndChildProcessesPrint_ReachesTheOutput()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps handles of its own.");
        Run("""
            using System.Runtime.InteropServices;
            static class Native
            {
                [DllImport("libc")] public static extern int puts(string text);
                [DllImport("libc")] public static extern nint write(int file, string text, nint count);
            }
            """);
        Run("Native.puts(\"native ö\"); Native.write(2, \"error\", 5);");
        Assert.Contains("native ö\n", string.Concat(_output.Streams.Where(part => part.Item1 == "stdout").Select(part => part.Item2)));
        Assert.Contains("error", string.Concat(_output.Streams.Where(part => part.Item1 == "stderr").Select(part => part.Item2)));
        Run("System.Diagnostics.Process.Start(\"echo\", \"child\").WaitForExit();");
        Assert.Contains(_output.Streams, part => part.Item2.Contains("child\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_RunsAFileAsIfItStoodThere()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csx");
        try
        {
            File.WriteAllText(file, "int Twice(int x) => 2 * x;");
            Run($"#load \"{Path.GetFileName(file)}\"\nTwice(21)");
            Assert.Equal("42", _output.LastPlain);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void TheWholeFramework_CanBeReferredTo()
    {
        Run("using System.Formats.Tar;\nTarEntryType.Directory");
        Assert.Equal("Directory", _output.LastPlain);
    }

    [Fact]
    public void Reference_ToAnAssemblyTheProcessHas_NeedsNoFileAndBringsWhatLiesBesideIt()
    {
        Run("#r \"nowhere/Microsoft.CodeAnalysis.CSharp.Scripting.dll\"\nusing Microsoft.CodeAnalysis.CSharp.Scripting;\nusing "
            + "Microsoft.CodeAnalysis.Scripting;");
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
            class TypeFormatterSourceAttribute : Attribute
            {
                public TypeFormatterSourceAttribute(Type t) => FormatterSourceType = t;
                public Type FormatterSourceType { get; }
                public string[] PreferredMimeTypes { get; set; }
            }
            class Formatter
            {
                public string MimeType => "application/json";
                public bool Format(object o, System.IO.TextWriter w) { w.Write("{\"n\":1}"); return true; }
            }
            class Source { public IEnumerable<object> CreateTypeFormatters() { yield return new Formatter(); } }
            [TypeFormatterSource(typeof(Source), PreferredMimeTypes = new[] { "application/json" })] class Shown { }
            new Shown()
            """);
        Assert.Equal(1, (int?)_output.Shown[^1]["application/json"]!["n"]);
    }

    public void Dispose() => _session.Dispose();

    private void Run(string code) => Assert.Null(_session.Execute(code, _output));
}
