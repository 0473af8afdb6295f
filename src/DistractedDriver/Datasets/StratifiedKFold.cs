namespace DistractedDriver.Datasets;

/// <summary>
/// Parts as large as each other in which every class has the same share as in the whole (scikit-learn's <c>StratifiedKFold</c>).
/// </summary>
public sealed class StratifiedKFold
{
    private readonly int _nSplits;
    private readonly bool _shuffle;
    private readonly int? _randomState;

    /// <param name="nSplits">How many parts, at least 2.</param>
    /// <param name="shuffle">Whether each class's samples are shuffled before.</param>
    /// <param name="randomState">The shuffle's seed; null draws from the library's one source of randomness.</param>
    /// <exception cref="ArgumentException">A seed is given and nothing is shuffled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 parts, or the seed is negative.</exception>
    public StratifiedKFold(int nSplits = 5, bool shuffle = false, int? randomState = null)
    {
        SplitArguments.Check(nSplits, shuffle, randomState);
        (_nSplits, _shuffle, _randomState) = (nSplits, shuffle, randomState);
    }

    /// <summary>Splits the samples.</summary>
    /// <typeparam name="TLabel">What classes are told by: numbers, or names.</typeparam>
    /// <param name="labels">Each sample's class.</param>
    /// <exception cref="ArgumentException">No class has a sample for each part.</exception>
    public IReadOnlyList<Fold> Split<TLabel>(IReadOnlyList<TLabel> labels)
        where TLabel : notnull
    {
        var classes = Categories.Of(labels, nameof(labels));
        SplitArguments.CheckEnough(classes.Sizes().Max(), _nSplits, "samples of some class", nameof(labels));
        // Classes are taken by when they first appear, and dealt out in turn over all of them, so that parts are as large as each other.
        int[] appearing = [.. classes.Numbers.Distinct()];
        var sizes = classes.Sizes();
        var random = SplitArguments.Random(_randomState);
        var foldOfSample = new int[labels.Count];
        var dealt = 0;
        foreach (var label in appearing)
        {
            var perFold = new int[_nSplits];
            for (var i = 0; i < sizes[label]; i++) perFold[dealt++ % _nSplits]++;
            int[] folds = [.. Enumerable.Range(0, _nSplits).SelectMany(fold => Enumerable.Repeat(fold, perFold[fold]))];
            if (_shuffle) folds = Array.ConvertAll(random.Permutation(folds.Length), i => folds[i]);
            var next = 0;
            for (var i = 0; i < labels.Count; i++)
                if (classes.Numbers[i] == label) foldOfSample[i] = folds[next++];
        }
        return Fold.OfEach(_nSplits, foldOfSample);
    }
}
