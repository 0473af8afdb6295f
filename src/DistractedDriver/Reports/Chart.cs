using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using Plotly.NET;
using Plotly.NET.CSharp;
using PlotlyChart = Plotly.NET.CSharp.Chart;

namespace DistractedDriver.Reports;

/// <summary>One line, or one colour of bars, of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Values">Its values from left to right.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Whether the line is drawn in dashes.</summary>
    public bool Dashed { get; init; }

    /// <summary>The number of its colour, from 0; series of one number look alike. By default its place in the chart.</summary>
    public int? Colour { get; init; }
}

/// <summary>A chart of lines or of bars: interactive where the notebook can (Plotly), a picture where it can't.</summary>
[TypeFormatterSource(typeof(DisplayableFormatters), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Png])]
public sealed class Chart : Displayable
{
    private const int Width = 800, Height = 420;

    // Okabe and Ito's colours (jfly.uni-koeln.de/color), told apart by the colour-blind too; their yellow is too pale for a line.
    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    private readonly string _title;
    private readonly string _xTitle;
    private readonly string _yTitle;
    private readonly string[]? _categories;
    private readonly Series[] _series;

    private Chart(string title, string xTitle, string yTitle, string[]? categories, Series[] series) =>
        (_title, _xTitle, _yTitle, _categories, _series) = (title, xTitle, yTitle, categories, series);

    /// <summary>A chart of lines over 1, 2, 3, ….</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="xTitle">What is counted from left to right: "epoch".</param>
    /// <param name="yTitle">What the values are.</param>
    /// <param name="series">The lines.</param>
    /// <exception cref="ArgumentException">There is no line, or one without values.</exception>
    public static Chart Lines(string title, string xTitle, string yTitle, params Series[] series) =>
        new(title, xTitle, yTitle, null, Checked(series, null));

    /// <summary>A chart of bars, side by side within each category.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="xTitle">What the categories are.</param>
    /// <param name="yTitle">What the values are.</param>
    /// <param name="categories">The categories from left to right.</param>
    /// <param name="series">The bars: a value a category.</param>
    /// <exception cref="ArgumentException">
    /// There are no bars, or a series has another number of values than there are categories.
    /// </exception>
    public static Chart Bars(string title, string xTitle, string yTitle, IEnumerable<string> categories, params Series[] series)
    {
        string[] names = [.. categories];
        return new(title, xTitle, yTitle, names, Checked(series, names.Length));
    }

    /// <summary>How one value went with the epochs, in training and, where there was any, in validation.</summary>
    /// <param name="history">What <c>Fit</c> returned.</param>
    /// <param name="name">"accuracy", "loss", ….</param>
    /// <exception cref="KeyNotFoundException">The history holds no such value.</exception>
    public static Chart Trend(History history, string name)
    {
        ArgumentNullException.ThrowIfNull(history);
        List<Series> series = [new("train", history[name])];
        if (history.Contains($"val_{name}")) series.Add(new("validation", history[$"val_{name}"]));
        return Lines($"{char.ToUpperInvariant(name[0])}{name[1..]} trend", "epoch", name, [.. series]);
    }

    /// <summary>The chart in a few words.</summary>
    public override string ToString() =>
        $"Chart '{_title}': {_yTitle} by {_xTitle} ({string.Join(", ", _series.Select(series => series.Name))})";

    internal override string? As(string mimeType) => mimeType switch
    {
        MimeTypes.Plotly => GenericChart.toFigureJson(Interactive()),
        MimeTypes.Png => Convert.ToBase64String(Picture()),
        _ => null,
    };

    private GenericChart Interactive()
    {
        var traces = _series.Select((series, i) =>
        {
            var colour = Color.fromString(ColourOf(series, i));
            return _categories is null
                ? PlotlyChart.Line<int, double, string>(
                    x: Enumerable.Range(1, series.Values.Count), y: series.Values, Name: series.Name, ShowMarkers: true, LineColor: colour,
                    LineDash: series.Dashed ? StyleParam.DrawingStyle.Dash : StyleParam.DrawingStyle.Solid)
                : PlotlyChart.Column<double, string,
                    string>(values: series.Values, Keys: _categories, Name: series.Name, MarkerColor: colour);
        });
        return Plotly.NET.Chart.withTitle(_title, null).Invoke(PlotlyChart.Combine(traces))
            .WithXAxisStyle<double, double, string>(TitleText: _xTitle)
            .WithYAxisStyle<double, double, string>(TitleText: _yTitle)
            .WithSize(Width, Height);
    }

    private byte[] Picture()
    {
        using var plot = new ScottPlot.Plot();
        if (!ScottPlot.Fonts.FontResolvers.OfType<ReportTypeface.Resolver>()
            .Any()) ScottPlot.Fonts.FontResolvers.Add(new ReportTypeface.Resolver());
        plot.Font.Set(ReportTypeface.Name);
        for (var i = 0; i < _series.Length; i++)
        {
            var colour = ScottPlot.Color.FromHex(ColourOf(_series[i], i));
            if (_categories is null) AddLine(plot, _series[i], colour);
            else AddBars(plot, _series[i], i, colour);
        }
        if (_categories is not null)
        {
            plot.Axes.Bottom.SetTicks([.. _categories.Select((_, place) => (double)place)], _categories);
            plot.Axes.Margins(bottom: 0);
        }
        plot.Title(_title);
        plot.XLabel(_xTitle);
        plot.YLabel(_yTitle);
        if (_series.Length > 1) plot.ShowLegend(ScottPlot.Edge.Right).Legend.FontName = ReportTypeface.Name;
        return plot.GetImageBytes(Width, Height, ScottPlot.ImageFormat.Png);
    }

    private static void AddLine(ScottPlot.Plot plot, Series series, ScottPlot.Color colour)
    {
        var line = plot.Add.Scatter(Enumerable.Range(1, series.Values.Count).Select(x => (double)x).ToArray(), series.Values.ToArray(),
            colour);
        (line.LegendText, line.LineWidth, line.MarkerSize) = (series.Name, 2, 4);
        if (series.Dashed) line.LinePattern = ScottPlot.LinePattern.Dashed;
    }

    private void AddBars(ScottPlot.Plot plot, Series series, int place, ScottPlot.Color colour)
    {
        var width = 0.8 / _series.Length;
        var bars = plot.Add.Bars(series.Values.Select((value, category) => new ScottPlot.Bar
        {
            Position = category + (place - (_series.Length - 1) / 2.0) * width,
            Value = value,
            Size = width,
            FillColor = colour,
            LineWidth = 0,
        }).ToArray());
        bars.LegendText = series.Name;
    }

    private static string ColourOf(Series series, int place) => Palette[(series.Colour ?? place) % Palette.Length];

    private static Series[] Checked(Series[] series, int? values)
    {
        if (series.Length == 0) throw new ArgumentException("A chart needs at least one series.", nameof(series));
        foreach (var one in series)
            if (values is null ? one.Values.Count == 0 : one.Values.Count != values)
                throw new ArgumentException(
                    $"The series '{one.Name}' has {one.Values.Count} values; expected "
                        + $"{(values is null ? "at least one" : $"one for each of {values} categories")}.", nameof(series));
        return series;
    }
}
