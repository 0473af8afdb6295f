using System.Text.Json.Nodes;

namespace CSharpKernel.Cells;

/// <summary>What a cell calls on a value to show it before the cell's end.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue Display(this object? value) => RunningCell.Current.Display(value);

    /// <summary>Shows a text as what its mime type says.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mimeType">"text/html", "text/markdown", ….</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue DisplayAs(this string text, string mimeType) =>
        RunningCell.Current.Show(new JsonObject { [mimeType] = text });

    /// <summary>Shows an image that is kept in a file's bytes.</summary>
    /// <param name="image">The file's content.</param>
    /// <param name="mimeType">"image/png", "image/jpeg", ….</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue DisplayAs(this byte[] image, string mimeType) => Convert.ToBase64String(image).DisplayAs(mimeType);
}
