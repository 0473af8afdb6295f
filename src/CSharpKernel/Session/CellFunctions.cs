namespace CSharpKernel;

#pragma warning disable IDE1006, CA1707 // The names that C# notebooks know from .NET Interactive.

/// <summary>What every cell can call without a prefix, under the names that C# notebooks are used to.</summary>
public static class CellFunctions
{
    /// <summary>Shows a value below the cell, before the cell has ended.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void display(object? value) => value.Display();

    /// <summary>Text that is to be shown as HTML.</summary>
    /// <param name="markup">The markup.</param>
    public static Html HTML(string markup) => new(markup);
}
