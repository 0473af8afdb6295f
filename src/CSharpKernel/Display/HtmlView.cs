using System.Collections;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace CSharpKernel.Display;

/// <summary>Values as HTML: sequences, dictionaries and objects as tables that stay small however large the value is.</summary>
/// <param name="formatters">Says how many items are shown.</param>
internal sealed class HtmlView(FormatterRegistry formatters)
{
    private const int LongestText = 200;
    private readonly PlainText _plain = new(formatters);

    /// <summary>A value's markup, or null where its text says as much.</summary>
    public string? Of(object value) => value switch
    {
        _ when Members.IsText(value) => null,
        Exception error => $"<details><summary><b>{Encoded(Members.Name(error.GetType()))}</b>: "
            + $"{Encoded(error.Message)}</summary><pre>{WebUtility.HtmlEncode(error.ToString())}</pre></details>",
        IDictionary dictionary => Table(["Key", "Value"], Entries(dictionary), dictionary.Count),
        IEnumerable items => Sequence(items),
        _ => Table([Members.Name(value.GetType()), ""], Members.Of(value).Select(member => new[] { member.Name, Cell(member.Value) }),
            null),
    };

    private string Sequence(IEnumerable items)
    {
        var count = items is ICollection collection ? collection.Count : (int?)null;
        object?[] shown = [.. items.Cast<object?>().Take(formatters.ListExpansionLimit + 1)];
        if (shown.Length == 0) return "<i>(empty)</i>";
        // Items that are sequences or texts themselves have one column; others one for each member.
        if (shown.Any(item => Members.IsText(item) || item is IEnumerable))
            return Table(["", Members.Name(items.GetType())], shown.Select((item, i) => new[] { Index(i), Cell(item) }), count);
        var rows = shown.Select(item => Columns(item!).ToDictionary(member => member.Name, member => Cell(member.Value))).ToArray();
        string[] names = [.. rows.SelectMany(row => row.Keys).Distinct().Take(formatters.ListExpansionLimit)];
        return Table(["", .. names],
            rows.Select((row, i) => new[] { Index(i) }.Concat(names.Select(name => row.GetValueOrDefault(name, ""))).ToArray()), count);
    }

    private static IEnumerable<(string Name, object? Value)> Columns(object item) => item switch
    {
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => ($"Item{i + 1}", tuple[i])),
        _ => Members.Of(item),
    };

    private IEnumerable<string[]> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary) yield return [Cell(entry.Key), Cell(entry.Value)];
    }

    // Cells are markup already; headings are not.
    private string Table(string[] headings, IEnumerable<string[]> rows, int? count)
    {
        var html = new StringBuilder("<table>");
        if (headings.Any(heading => heading.Length > 0))
        {
            html.Append("<thead><tr>");
            foreach (var heading in headings) html.Append("<th style=\"text-align:left\">").Append(WebUtility.HtmlEncode(heading))
                .Append("</th>");
            html.Append("</tr></thead>");
        }
        html.Append("<tbody>");
        var shown = 0;
        foreach (var row in rows)
        {
            if (shown++ == formatters.ListExpansionLimit)
            {
                var more = count is { } all ? $"{all - formatters.ListExpansionLimit} more" : "more";
                html.Append($"<tr><td colspan=\"{headings.Length}\"><i>({more})</i></td></tr>");
                break;
            }
            html.Append("<tr>");
            foreach (var cell in row) html.Append("<td style=\"text-align:left\">").Append(cell).Append("</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    private static string Index(int i) => $"<i>{i}</i>";

    private string Cell(object? value) => Encoded(_plain.Short(value));

    private static string Encoded(string text) => WebUtility.HtmlEncode(text.Length > LongestText ? text[..(LongestText - 1)] + "…" : text);
}
