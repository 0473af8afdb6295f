using CSharpKernel.Cells;
using CSharpKernel.Display;

namespace KernelTests;

public sealed class DisplayTests
{
    private static readonly MimeBundles Bundles = new(new FormatterRegistry());

    public static TheoryData<object> Texts =>
        [1, "text", 2.5, DayOfWeek.Friday, new Version(1, 2), new Uri("https://example.org"), typeof(int), TimeSpan.FromSeconds(1)];

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void ValuesThatWriteThemselves_AreTextAlone(object value) =>
        Assert.Equal(["text/plain"], Bundles.Of(value).Select(pair => pair.Key));

    [Fact]
    public void Numbers_AreWrittenWithoutACulture() => Assert.Equal("2.5", Text(2.5));

    [Fact]
    public void ASequenceOfNumbers_IsATableOfOneColumn()
    {
        Assert.Equal("[ 1, 2, 3 ]", Text(new[] { 1, 2, 3 }));
        Assert.Equal(["", "Int32[]", "0", "1", "1", "2", "2", "3"], Cells(new[] { 1, 2, 3 }));
    }

    [Fact]
    public void ASequenceOfObjects_HasAColumnForEachMember() =>
        Assert.Equal(["", "Name", "Age", "0", "&lt;Ada&gt;", "36", "1", "", "7"],
            Cells(new[] { new Person("<Ada>", 36), new Person("", 7) }));

    [Fact]
    public void Tuples_HaveAColumnForEachItem() =>
        Assert.Equal(["", "Item1", "Item2", "0", "a", "1"], Cells(new List<(string, int)> { ("a", 1) }));

    [Fact]
    public void ADictionary_IsATableOfKeysAndValues() =>
        Assert.Equal(["Key", "Value", "a", "1"], Cells(new Dictionary<string, int> { ["a"] = 1 }));

    [Fact]
    public void Pairs_AreATableToo() =>
        Assert.Equal(["", "Key", "Value", "0", "a", "1"], Cells(new Dictionary<string, int> { ["a"] = 1 }.Where(_ => true)));

    [Fact]
    public void AnObject_IsATableOfItsMembers()
    {
        Assert.Equal(["Person", "", "Name", "Ada", "Age", "36"], Cells(new Person("Ada", 36)));
        Assert.Equal(["Plain", "", "Number", "1", "Items", "[ a, b ]", "Broken", "(NotSupportedException: never)"], Cells(new Plain()));
        Assert.Equal("Plain { Number = 1, Items = [ a, b ], Broken = (NotSupportedException: never) }", Text(new Plain()));
    }

    [Fact]
    public void ALongSequence_IsCutAndSaysHowManyFollow()
    {
        var cells = Cells(Enumerable.Range(0, 1000).ToArray());
        Assert.Equal(2 + (2 * 20) + 1, cells.Length);
        Assert.Equal("(980 more)", cells[^1]);
        Assert.Equal("(more)", Cells(Endless())[^1]);
        Assert.EndsWith(", 19, … ]", Text(Endless()), StringComparison.Ordinal);
    }

    [Fact]
    public void ALongText_IsCutInATable() => Assert.Equal(200, Cells(new[] { new string('x', 1000) })[^1].Length);

    [Fact]
    public void AnException_CanBeUnfolded() =>
        Assert.Contains("<summary><b>InvalidOperationException</b>: a &lt; b</summary>",
            (string?)Bundles.Of(new InvalidOperationException("a < b"))["text/html"]);

    [Fact]
    public void ATask_IsNotWaitedFor() => Assert.StartsWith("Task", Text(new TaskCompletionSource<int>().Task), StringComparison.Ordinal);

    [Fact]
    public void RegisteredFormatters_CountByTheNearestType()
    {
        var registry = new FormatterRegistry();
        using var cell = RunningCell.Begin(new Recorder(), registry);
        var bundles = new MimeBundles(registry);
        Formatter.Register<Shape>(shape => "a shape", "text/html");
        Formatter.Register<Circle>((circle, writer) => writer.Write($"<svg r='{circle.Radius}'/>"), "image/svg+xml");
        Formatter.Register<Circle>(circle => "a circle", "text/html");
        Formatter.Register<IDrawn>(drawn => "drawn", "text/html");
        Assert.Equal("a circle", (string?)bundles.Of(new Circle { Radius = 2 })["text/html"]);
        Assert.Equal("<svg r='2'/>", (string?)bundles.Of(new Circle { Radius = 2 })["image/svg+xml"]);
        Assert.Equal("a shape", (string?)bundles.Of(new Square())["text/html"]);
    }

    private static string? Text(object value) => (string?)Bundles.Of(value)["text/plain"];

    private static string[] Cells(object value) =>
        [.. System.Text.RegularExpressions.Regex.Matches((string)Bundles.Of(value)["text/html"]!,
            "<t[hd](?: [^>]*)?>(?:<i>)?(.*?)(?:</i>)?</t[hd]>").Select(match => match.Groups[1].Value)];

    private static IEnumerable<int> Endless()
    {
        for (var i = 0; ; i++) yield return i;
    }

    private sealed record Person(string Name, int Age);

    private sealed class Plain
    {
        public int Number { get; } = 1;

        public string[] Items { get; } = ["a", "b"];

        public int Broken => throw new NotSupportedException("never");

        public int this[int index] => index;
    }

    private interface IDrawn;

    private class Shape : IDrawn;

    private sealed class Circle : Shape
    {
        public int Radius { get; init; }
    }

    private sealed class Square : Shape;
}
