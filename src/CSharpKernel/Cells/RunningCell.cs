using System.Text.Json.Nodes;
using CSharpKernel.Display;
using CSharpKernel.Output;

namespace CSharpKernel.Cells;

// Cells: what a cell may name without a prefix. It is the only namespace of the kernel's that cells import.

/// <summary>
/// The cell that runs: where its output goes and how its session shows values. A process runs one cell at a time, and the functions
/// that cells call find it here.
/// </summary>
/// <param name="output">Where its output goes.</param>
/// <param name="formatters">How its session shows values.</param>
internal sealed class RunningCell(ICellOutput output, FormatterRegistry formatters) : IDisposable
{
    private static RunningCell? _current;

    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static RunningCell Current => _current ?? throw new InvalidOperationException("Values are shown from within a running cell.");

    /// <summary>Where its output goes.</summary>
    public ICellOutput Output => output;

    /// <summary>How its session shows values.</summary>
    public FormatterRegistry Formatters => formatters;

    /// <summary>Makes it the one that cells' functions find, until it is disposed of.</summary>
    public static RunningCell Begin(ICellOutput output, FormatterRegistry formatters) => _current = new(output, formatters);

    public void Dispose() => Interlocked.CompareExchange(ref _current, null, this);

    /// <summary>Shows a value.</summary>
    public DisplayedValue Display(object? value) => Show(new MimeBundles(formatters).Of(value));

    /// <summary>Shows what a mime type says.</summary>
    public DisplayedValue Show(JsonObject data)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString("N"));
        output.Display(data, shown.Id);
        return shown;
    }

    /// <summary>Shows a value where another was shown.</summary>
    public void Update(object? value, string id) => output.Update(new MimeBundles(formatters).Of(value), id);
}
