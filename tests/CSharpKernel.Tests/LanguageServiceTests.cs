using CSharpKernel.Completion;
using CSharpKernel.Session;

namespace KernelTests;

public sealed class LanguageServiceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("language-");
    private readonly CodeSession _session;
    private readonly LanguageService _service;

    public LanguageServiceTests()
    {
        _session = new CodeSession(_folder.FullName);
        _service = new LanguageService(_session);
    }

    [Theory]
    [InlineData("Console.Wri", "WriteLine")]
    [InlineData("using System.Te", "Text")]
    [InlineData("#!who", "#!whos")]
    [InlineData("#r \"su", "sub/")]
    [InlineData("1 + 1;\n#r \"sub/li", "library.dll")]
    [InlineData("#load \"sub/", "more.csx")]
    public async Task Completes(string code, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "sub"));
        File.WriteAllText(Path.Combine(_folder.FullName, "sub", "library.dll"), "");
        File.WriteAllText(Path.Combine(_folder.FullName, "sub", "more.csx"), "");
        var found = await _service.CompleteAsync(code, code.Length, TestContext.Current.CancellationToken);
        Assert.Contains(expected, found.Matches.Select(match => match.Text));
        Assert.StartsWith(code[found.Start..], expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completes_WhatEarlierCellsDeclared()
    {
        _service.Add("#!time\nvar numbers = new List<int>();");
        Assert.Contains("AddRange",
            (await _service.CompleteAsync("numbers.Add", 11, TestContext.Current.CancellationToken)).Matches.Select(match => match.Text));
    }

    [Fact]
    public async Task ExplainsANameWithTheFrameworksDocumentation()
    {
        var text = await _service.ExplainAsync("Console.WriteLine(\"a\")", 10, TestContext.Current.CancellationToken);
        Assert.Contains("void Console.WriteLine(string? value)", text);
        Assert.Contains("followed by the current line terminator", text);
    }

    [Theory]
    [InlineData("string.Join(", "string string.Join(char separator, params string?[] value)")]
    [InlineData("string.Join(\",\", )", "string string.Join(string? separator, params object?[] values)")]
    [InlineData("new Version(1, ", "Version.Version(int major, int minor)")]
    public async Task ExplainsWithinACall_TheSignaturesOfWhatIsCalled(string code, string expected) =>
        Assert.Contains(expected, await _service.ExplainAsync(code, code.TrimEnd(')').Length, TestContext.Current.CancellationToken));

    [Fact]
    public async Task KnowsNothingOfNothing() => Assert.Null(await _service.ExplainAsync("1 + ", 4, TestContext.Current.CancellationToken));

    public void Dispose()
    {
        _service.Dispose();
        _session.Dispose();
        _folder.Delete(recursive: true);
    }
}
