namespace WorkbookTests;

/// <summary>Rules of source files that neither the compiler nor the formatter holds.</summary>
public sealed class SourceRulesTests
{
    private const int Columns = 140;

    [Fact]
    public void NoLine_IsLongerThanAScreenIsWide()
    {
        string[] longer =
        [
            .. new[] { "src", "tests" }.SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Checkout.Folder, folder), "*.cs", SearchOption.AllDirectories))
                .SelectMany(path => File.ReadLines(path).Select((line, i) => (Line: line, Place: $"{path}:{i + 1}")))
                .Where(line => line.Line.Length > Columns).Select(line => $"{line.Place} has {line.Line.Length} columns"),
        ];
        Assert.True(longer.Length == 0, string.Join('\n', longer));
    }
}
