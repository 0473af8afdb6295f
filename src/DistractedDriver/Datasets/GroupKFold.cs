namespace DistractedDriver.Datasets;

/// <summary>
/// Parts about as large as each other that split no group: all pictures of a driver are in one part (scikit-learn's
/// <c>GroupKFold</c>).
/// </summary>
public sealed class GroupKFold
{
    private readonly int _nSplits;

    /// <param name="nSplits">How many parts, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 parts.</exception>
    public GroupKFold(int nSplits = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nSplits, 2);
        _nSplits = nSplits;
    }

    /// <summary>Splits the samples: the largest group first, each into the part that is smallest by then.</summary>
    /// <typeparam name="TGroup">What groups are told by: names, or numbers.</typeparam>
    /// <param name="groups">Each sample's group.</param>
    /// <exception cref="ArgumentException">There are fewer groups than parts.</exception>
    public IReadOnlyList<Fold> Split<TGroup>(IReadOnlyList<TGroup> groups)
        where TGroup : notnull
    {
        var numbered = Categories.Of(groups, nameof(groups));
        SplitArguments.CheckEnough(numbered.Count, _nSplits, "groups", nameof(groups));
        var sizes = numbered.Sizes();
        var samples = new int[_nSplits];
        var foldOfGroup = new int[numbered.Count];
        // Of groups as large as each other the last comes first, as scikit-learn has it with up to 16 groups; with more, its sort
        // leaves their order open.
        foreach (var group in Enumerable.Range(0, numbered.Count).OrderBy(group => sizes[group]).Reverse())
        {
            foldOfGroup[group] = Array.IndexOf(samples, samples.Min());
            samples[foldOfGroup[group]] += sizes[group];
        }
        return Fold.OfEach(_nSplits, [.. numbered.Numbers.Select(group => foldOfGroup[group])]);
    }
}
