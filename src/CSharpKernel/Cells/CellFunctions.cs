namespace CSharpKernel.Cells;

#pragma warning disable IDE1006, CA1707 // The names that C# notebooks know from .NET Interactive.

/// <summary>What every cell can call without a prefix, under the names that C# notebooks are used to.</summary>
public static class CellFunctions
{
    /// <summary>Shows a value below the cell, before the cell has ended.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <returns>What can be shown anew.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue display(object? value) => value.Display();

    /// <summary>Text that is to be shown as HTML.</summary>
    /// <param name="markup">The markup.</param>
    public static Html HTML(string markup) => new(markup);

    /// <summary>Takes away what the cell has shown and printed until now.</summary>
    /// <param name="wait">Only when something new comes, so that nothing flickers.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void clear_output(bool wait = false) => RunningCell.Current.Output.Clear(wait);

    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <exception cref="InvalidOperationException">There is nobody to ask.</exception>
    public static string input(string prompt = "") => RunningCell.Current.Output.ReadLine(prompt, password: false);

    /// <summary>Asks the user for a text that stays hidden.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <exception cref="InvalidOperationException">There is nobody to ask.</exception>
    public static string password(string prompt = "Password: ") => RunningCell.Current.Output.ReadLine(prompt, password: true);
}
