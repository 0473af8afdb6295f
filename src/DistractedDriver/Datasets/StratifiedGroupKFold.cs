using DistractedDriver.Core;

namespace DistractedDriver.Datasets;

/// <summary>
/// Parts that split no group and in which, as far as that allows, every class has the same share as in the whole (scikit-learn's
/// <c>StratifiedGroupKFold</c>).
/// </summary>
public sealed class StratifiedGroupKFold
{
    // NumPy's isclose.
    private const double RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-8;

    private readonly int _nSplits;

    /// <param name="nSplits">How many parts, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 parts.</exception>
    public StratifiedGroupKFold(int nSplits = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nSplits, 2);
        _nSplits = nSplits;
    }

    /// <summary>
    /// Splits the samples: the group with the most uneven classes first, each into the part that leaves the classes spread most evenly.
    /// </summary>
    /// <typeparam name="TLabel">What classes are told by.</typeparam>
    /// <typeparam name="TGroup">What groups are told by.</typeparam>
    /// <param name="labels">Each sample's class.</param>
    /// <param name="groups">Each sample's group.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many groups as labels, fewer groups than parts, or no class has a sample for each part.
    /// </exception>
    public IReadOnlyList<Fold> Split<TLabel, TGroup>(IReadOnlyList<TLabel> labels, IReadOnlyList<TGroup> groups)
        where TLabel : notnull
        where TGroup : notnull
    {
        var (classes, numbered) = (Categories.Of(labels, nameof(labels)), Categories.Of(groups, nameof(groups)));
        SplitArguments.CheckAsMany(labels.Count, groups.Count);
        SplitArguments.CheckEnough(numbered.Count, _nSplits, "groups", nameof(groups));
        var ofClass = classes.Sizes();
        SplitArguments.CheckEnough(ofClass.Max(), _nSplits, "samples of some class", nameof(labels));
        var inGroup = NewCounts(numbered.Count, classes.Count);
        for (var i = 0; i < labels.Count; i++) inGroup[numbered.Numbers[i]][classes.Numbers[i]]++;
        var inFold = NewCounts(_nSplits, classes.Count);
        var foldOfGroup = new int[numbered.Count];
        foreach (var group in Enumerable.Range(0, numbered.Count).OrderByDescending(group => NumpySum.StandardDeviation(inGroup[group])))
        {
            var fold = Best(inFold, ofClass, inGroup[group]);
            for (var c = 0; c < classes.Count; c++) inFold[fold][c] += inGroup[group][c];
            foldOfGroup[group] = fold;
        }
        return Fold.OfEach(_nSplits, [.. numbered.Numbers.Select(group => foldOfGroup[group])]);
    }

    // Of parts that leave the classes as even as each other the one with the fewest samples.
    private static int Best(double[][] inFold, int[] ofClass, double[] added)
    {
        var (best, least, fewest) = (0, double.PositiveInfinity, double.PositiveInfinity);
        for (var fold = 0; fold < inFold.Length; fold++)
        {
            var unevenness = NumpySum.Mean([.. Enumerable.Range(0, ofClass.Length).Select(c =>
                Spread([.. inFold.Select((counts, other) => (counts[c] + (other == fold ? added[c] : 0)) / ofClass[c])]))]);
            var samples = inFold[fold].Sum();
            var isClose = Math.Abs(unevenness - least) <= AbsoluteTolerance + RelativeTolerance * Math.Abs(least);
            if (unevenness < least || (isClose && samples < fewest)) (best, least, fewest) = (fold, unevenness, samples);
        }
        return best;
    }

    // The standard deviation down a column, which NumPy adds up row by row.
    private static double Spread(double[] shares)
    {
        var mean = shares.Sum() / shares.Length;
        return Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / shares.Length);
    }

    private static double[][] NewCounts(int rows, int classes) => [.. Enumerable.Range(0, rows).Select(_ => new double[classes])];
}
