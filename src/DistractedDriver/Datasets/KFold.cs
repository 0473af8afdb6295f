namespace DistractedDriver.Datasets;

/// <summary>
/// Samples in parts as large as each other; each part is tested on once by a network trained on the others (scikit-learn's
/// <c>KFold</c>).
/// </summary>
public sealed class KFold
{
    private readonly int _nSplits;
    private readonly bool _shuffle;
    private readonly int? _randomState;

    /// <param name="nSplits">How many parts, at least 2.</param>
    /// <param name="shuffle">Whether the samples are shuffled before; otherwise neighbours stay together.</param>
    /// <param name="randomState">The shuffle's seed; null draws from the library's one source of randomness.</param>
    /// <exception cref="ArgumentException">A seed is given and nothing is shuffled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 parts, or the seed is negative.</exception>
    public KFold(int nSplits = 5, bool shuffle = false, int? randomState = null)
    {
        SplitArguments.Check(nSplits, shuffle, randomState);
        (_nSplits, _shuffle, _randomState) = (nSplits, shuffle, randomState);
    }

    /// <summary>Splits the samples.</summary>
    /// <param name="samples">How many there are.</param>
    /// <exception cref="ArgumentException">There are fewer samples than parts.</exception>
    public IReadOnlyList<Fold> Split(int samples)
    {
        SplitArguments.CheckEnough(samples, _nSplits, "samples", nameof(samples));
        var order = _shuffle ? SplitArguments.Random(_randomState).Permutation(samples) : [.. Enumerable.Range(0, samples)];
        var foldOfSample = new int[samples];
        var next = 0;
        // The first parts take what is left over.
        for (var fold = 0; fold < _nSplits; fold++)
            for (var i = 0; i < samples / _nSplits + (fold < samples % _nSplits ? 1 : 0); i++) foldOfSample[order[next++]] = fold;
        return Fold.OfEach(_nSplits, foldOfSample);
    }
}
