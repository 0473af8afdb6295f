namespace DistractedDriver.Datasets;

/// <summary>Classes or groups as numbers, counted from 0 in sorted order (NumPy's <c>unique</c>).</summary>
internal sealed class Categories
{
    private Categories(int[] numbers, int count) => (Numbers, Count) = (numbers, count);

    /// <summary>Each sample's number.</summary>
    public IReadOnlyList<int> Numbers { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>How many samples each has.</summary>
    public int[] Sizes()
    {
        var sizes = new int[Count];
        foreach (var number in Numbers) sizes[number]++;
        return sizes;
    }

    /// <summary>Numbers the values; texts are sorted by their characters' codes, whatever the machine's culture.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Categories Of<T>(IReadOnlyList<T> values, string name)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count == 0) throw new ArgumentException("There must be at least one sample. Received: none.", name);
        var comparer = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;
        var sorted = values.Distinct().Order(comparer).Select((value, number) => (value, number))
            .ToDictionary(pair => pair.value, pair => pair.number);
        return new([.. values.Select(value => sorted[value])], sorted.Count);
    }
}
