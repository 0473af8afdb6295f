namespace DistractedDriver.Datasets;

/// <summary>
/// Groups drawn at random into a part to train on and one to test on, over and over: nobody is in both (scikit-learn's
/// <c>GroupShuffleSplit</c>).
/// </summary>
public sealed class GroupShuffleSplit
{
    private readonly int _nSplits;
    private readonly double _testSize;
    private readonly double? _trainSize;
    private readonly int? _randomState;

    /// <param name="nSplits">How many times to draw.</param>
    /// <param name="testSize">The share of groups, not of samples, to test on, rounded up.</param>
    /// <param name="randomState">The seed; null draws from the library's one source of randomness.</param>
    /// <param name="trainSize">The share of groups to train on, rounded down; null for all that are not tested on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is nothing to draw, or the seed is negative.</exception>
    public GroupShuffleSplit(int nSplits = 5, double testSize = 0.2, int? randomState = null, double? trainSize = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nSplits, 1);
        SplitArguments.CheckSeed(randomState);
        (_nSplits, _testSize, _trainSize, _randomState) = (nSplits, testSize, trainSize, randomState);
    }

    /// <summary>Splits the samples.</summary>
    /// <typeparam name="TGroup">What groups are told by: names, or numbers.</typeparam>
    /// <param name="groups">Each sample's group.</param>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not between 0 and 1.</exception>
    public IReadOnlyList<Fold> Split<TGroup>(IReadOnlyList<TGroup> groups)
        where TGroup : notnull
    {
        var numbered = Categories.Of(groups, nameof(groups));
        var sizes = SplitArguments.Sizes(numbered.Count, _testSize, _trainSize, "groups");
        var random = SplitArguments.Random(_randomState);
        return
        [
            .. Enumerable.Range(0, _nSplits).Select(_ =>
            {
                var drawn = TrainTestSplit.Draw(numbered.Count, sizes, random);
                return new Fold(Samples(numbered, drawn.Train), Samples(numbered, drawn.Test));
            }),
        ];
    }

    private static int[] Samples(Categories numbered, IReadOnlyList<int> chosen)
    {
        var groups = chosen.ToHashSet();
        return [.. Enumerable.Range(0, numbered.Numbers.Count).Where(i => groups.Contains(numbered.Numbers[i]))];
    }
}
