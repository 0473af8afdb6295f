namespace CSharpKernel.Cells;

/// <summary>A value shown below a cell, which can be replaced by another.</summary>
public sealed class DisplayedValue
{
    internal DisplayedValue(string id) => Id = id;

    internal string Id { get; }

    /// <summary>Shows another value in its place, from the same cell or a later one.</summary>
    /// <param name="value">The value; null is shown as "null".</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public void Update(object? value) => RunningCell.Current.Update(value, Id);
}
