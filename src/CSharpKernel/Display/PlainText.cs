using System.Collections;
using System.Globalization;

namespace CSharpKernel.Display;

/// <summary>Values as text.</summary>
/// <param name="formatters">Says how many items are shown.</param>
internal sealed class PlainText(FormatterRegistry formatters)
{
    /// <summary>A value with what it consists of: a sequence's items, an object's members.</summary>
    public string Of(object? value) => value switch
    {
        null or IEnumerable or Task => Short(value),
        _ when Members.HasText(value.GetType()) => Short(value),
        _ => $"{Members.Name(value.GetType())} {{ {Listed(value)} }}".TrimStart(),
    };

    private string Listed(object value) =>
        string.Join(", ", Members.Of(value).Take(formatters.ListExpansionLimit).Select(member => $"{member.Name} = {Short(member.Value)}"));

    /// <summary>A value within another: sequences by their items, anything else by its own text.</summary>
    public string Short(object? value)
    {
        if (value is Task task) return $"{Members.Name(task.GetType())} ({task.Status})";
        if (value is Exception error) return error.ToString();
        if (value is not IEnumerable items || value is string) return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
        var shown = items.Cast<object?>().Take(formatters.ListExpansionLimit + 1).Select(Short).ToList();
        if (shown.Count > formatters.ListExpansionLimit) shown[^1] = "…";
        return $"[ {string.Join(", ", shown)} ]";
    }
}
