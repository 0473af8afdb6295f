using System.Text.Json.Nodes;

namespace CSharpKernel;

/// <summary>Text that is HTML.</summary>
/// <param name="Text">The markup.</param>
public sealed record Html(string Text);

/// <summary>What a cell calls to show a value before its end.</summary>
public static class Displayed
{
    internal static ICellOutput? Output { get; set; }

    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Display(this object? value) =>
        Running.Show(value is null ? new JsonObject { ["text/plain"] = "null" } : MimeBundle.Of(value), isResult: false);

    /// <summary>Shows a text as what its mime type says.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mimeType">"text/html", "text/markdown", ….</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void DisplayAs(this string text, string mimeType) => Running.Show(new JsonObject { [mimeType] = text }, isResult: false);

    private static ICellOutput Running => Output ?? throw new InvalidOperationException("Values are shown from within a running cell.");
}
