using System.Globalization;
using System.Net;
using System.Text;
using DistractedDriver.Applications;
using DistractedDriver.Core;

namespace DistractedDriver.Reports;

// Reports: what a notebook shows of data, networks and trainings: charts, tables, pictures in a grid. They take values and draw
// them; nothing is computed here that a reader would quote.

/// <summary>Rows under headings. Numbers stand on the right; pass them as text to choose their digits.</summary>
[TypeFormatterSource(typeof(DisplayableFormatters), PreferredMimeTypes = [MimeTypes.Html])]
public sealed class Table : Displayable
{
    private readonly List<object?[]> _rows = [];

    /// <param name="headings">One text a column.</param>
    public Table(params string[] headings) => Headings = headings;

    /// <summary>Networks that Keras offers with weights trained on ImageNet, with their figures.</summary>
    /// <param name="networks">For example <see cref="PretrainedNetworks.All"/>.</param>
    public static Table OfNetworks(IEnumerable<PretrainedNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var table = new Table("network", "size, MB", "top-1, %", "top-5, %", "parameters, M", "depth", "in this library");
        foreach (var network in networks)
            table.Add(network.Name, network.Megabytes, $"{network.Top1:F1}", $"{network.Top5:F1}", $"{network.MillionParameters:F1}",
                network.Depth?.ToString() ?? "–", network.IsHere ? "yes" : "");
        return table;
    }

    /// <summary>What stands above the columns.</summary>
    public IReadOnlyList<string> Headings { get; }

    /// <summary>The rows so far, one value a column.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <param name="values">One value a column: text, a number, or anything else with a text of its own.</param>
    /// <returns>The table itself.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than headings.</exception>
    public Table Add(params object?[] values)
    {
        if (values.Length != Headings.Count)
            throw new ArgumentException(
                $"The table has {Headings.Count} columns ({string.Join(", ", Headings)}). Received: {values.Length} values.",
                    nameof(values));
        _rows.Add(values);
        return this;
    }

    /// <summary>The table in plain text, its columns aligned.</summary>
    public override string ToString()
    {
        var lines = _rows.Select(row => row.Select(Text).ToArray()).Prepend([.. Headings]).ToArray();
        var widths = Headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Join('\n', lines.Select((line, i) => string.Join("  ", line.Select((text, column) =>
            i > 0 && IsRight(column) ? text.PadLeft(widths[column]) : text.PadRight(widths[column]))).TrimEnd()));
    }

    internal override string? As(string mimeType)
    {
        if (mimeType != MimeTypes.Html) return null;
        var html = new StringBuilder("<table>\n<thead><tr>");
        for (var column = 0; column < Headings.Count; column++) html.Append(Cell("th", column, Headings[column]));
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            for (var column = 0; column < row.Length; column++) html.Append(Cell("td", column, Text(row[column])));
            html.Append("</tr>\n");
        }
        return html.Append("</tbody>\n</table>").ToString();
    }

    private string Cell(string tag, int column, string text) =>
        $"<{tag} style=\"text-align:{(IsRight(column) ? "right" : "left")}\">{WebUtility.HtmlEncode(text)}</{tag}>";

    // A column is one of figures where each of its values begins with a digit or a sign.
    private bool IsRight(int column) =>
        _rows.Count > 0 && _rows.All(row =>
            Text(row[column]) is { Length: > 0 } text && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '−' or '+' or '–'));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
