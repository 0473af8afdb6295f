using System.Text.Json.Nodes;

namespace CSharpKernel;

/// <summary>Text that is HTML.</summary>
/// <param name="Text">The markup.</param>
public sealed record Html(string Text);

/// <summary>A value shown below a cell, which can be replaced by another.</summary>
public sealed class DisplayedValue
{
    internal DisplayedValue(string id) => Id = id;

    internal string Id { get; }

    /// <summary>Shows another value in its place, from the same cell or a later one.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public void Update(object? value) => Displayed.Running.Update(Displayed.Bundle(value), Id);
}

/// <summary>What a cell calls to show a value before its end.</summary>
public static class Displayed
{
    internal static ICellOutput? Output { get; set; }

    internal static ICellOutput Running => Output ?? throw new InvalidOperationException("Values are shown from within a running cell.");

    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue Display(this object? value) => Show(Bundle(value));

    /// <summary>Shows a text as what its mime type says.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mimeType">"text/html", "text/markdown", ….</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue DisplayAs(this string text, string mimeType) => Show(new JsonObject { [mimeType] = text });

    /// <summary>Shows an image that is kept in a file's bytes.</summary>
    /// <param name="image">The file's content.</param>
    /// <param name="mimeType">"image/png", "image/jpeg", ….</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue DisplayAs(this byte[] image, string mimeType) => Convert.ToBase64String(image).DisplayAs(mimeType);

    internal static JsonObject Bundle(object? value) => value is null ? new JsonObject { ["text/plain"] = "null" } : MimeBundle.Of(value);

    private static DisplayedValue Show(JsonObject data)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString("N"));
        Running.Display(data, shown.Id);
        return shown;
    }
}
