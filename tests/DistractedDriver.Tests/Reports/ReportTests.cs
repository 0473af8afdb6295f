using System.Text.Json;
using DistractedDriver.Applications;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Reports;
using SkiaSharp;
using TorchSharp;

namespace LibraryTests;

public sealed class ReportTests
{
    [Fact]
    public void Trend_HoldsBothCurvesInPlotlyAndInAPicture()
    {
        var history = new History();
        for (var epoch = 0; epoch < 3; epoch++)
            history.Add(epoch, new Dictionary<string, double> { ["loss"] = 3 - epoch, ["val_loss"] = 3.5 - epoch, ["accuracy"] = 0.5 });
        var chart = Chart.Trend(history, "loss");

        var figure = JsonDocument.Parse(chart.As(MimeTypes.Plotly)!).RootElement;
        var traces = figure.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["train", "validation"], traces.Select(trace => trace.GetProperty("name").GetString()));
        Assert.Equal([3.5, 2.5, 1.5], traces[1].GetProperty("y").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([1, 2, 3], traces[1].GetProperty("x").EnumerateArray().Select(value => value.GetInt32()));
        using var picture = Picture(chart);
        Assert.Equal((800, 420), (picture.Width, picture.Height));
        Assert.Contains(new SKColor(0xD5, 0x5E, 0x00), picture.Pixels);
        Assert.Throws<KeyNotFoundException>(() => Chart.Trend(history, "val_accuracy"));
    }

    [Fact]
    public void Picture_OfAChart_HasLetters()
    {
        using var first = Picture(Chart.Lines("A title", "x", "y", new Series("a", [1, 2])));
        using var second = Picture(Chart.Lines("Another one", "x", "y", new Series("a", [1, 2])));
        Assert.NotEqual(first.Pixels, second.Pixels);
    }

    [Fact]
    public void Bars_NeedAValueForEachCategory()
    {
        var chart = Chart.Bars("counts", "class", "images", ["c0", "c1"], new Series("train", [4, 5]));
        var trace = JsonDocument.Parse(chart.As(MimeTypes.Plotly)!).RootElement.GetProperty("data")[0];
        Assert.Equal(["c0", "c1"], trace.GetProperty("x").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("train",
            Assert.Throws<ArgumentException>(() => Chart.Bars("counts", "class", "images", ["c0", "c1"], new Series("train", [4])))
                .Message);
    }

    [Fact]
    public void Table_AlignsFiguresAndEscapesMarkup()
    {
        var table = new Table("name", "count").Add("a<b", 5).Add("c", 10);
        Assert.Equal("name  count\na<b       5\nc        10", table.ToString());
        Assert.Contains("<td style=\"text-align:left\">a&lt;b</td><td style=\"text-align:right\">5</td>", table.As(MimeTypes.Html));
        Assert.Throws<ArgumentException>(() => table.Add("one value"));
    }

    [Fact]
    public void ImageGrid_OfABatch_ShowsEachPictureInItsPlace()
    {
        // Two pictures, one black and one white.
        using var scope = torch.NewDisposeScope();
        var batch = torch.stack([torch.zeros(8, 8, 3), torch.ones(8, 8, 3)]);
        using var sheet = SKBitmap.Decode(
            Convert.FromBase64String(ImageGrid.OfBatch(batch, columns: 2, tileWidth: 50).As(MimeTypes.Jpeg)!));
        Assert.Equal((2 * 54 + 4, 58), (sheet.Width, sheet.Height));
        Assert.InRange(sheet.GetPixel(29, 29).Red, 0, 6);
        Assert.InRange(sheet.GetPixel(83, 29).Red, 249, 255);
        Assert.Throws<ArgumentException>(() => ImageGrid.OfBatch(torch.zeros(2, 8, 8, 1)));
        Assert.Throws<ArgumentException>(() => ImageGrid.OfBatch(batch, captions: ["only one"]));
    }

    [Fact]
    public void PretrainedNetworks_MarkWhatTheLibraryBuilds()
    {
        Assert.Contains("VGG16", PretrainedNetworks.All.Where(network => network.IsHere).Select(network => network.Name));
        using var whole = Applications.VGG16(includeTop: true, weights: null);
        Assert.Equal(PretrainedNetworks.All.Single(network => network.Name == "VGG16").MillionParameters, whole.CountParams() / 1e6, 0.05);
        Assert.Equal(new Shape(null, 1000), whole.OutputShape);
    }

    private static SKBitmap Picture(Chart chart) => SKBitmap.Decode(Convert.FromBase64String(chart.As(MimeTypes.Png)!));
}
