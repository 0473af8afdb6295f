namespace DistractedDriver.Datasets;

/// <summary>Samples in two parts, by their numbers.</summary>
/// <param name="Train">What to train on.</param>
/// <param name="Test">What to test on.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> Test)
{
    /// <summary>One fold for each number in order: its samples are the test part, all others the training part.</summary>
    internal static IReadOnlyList<Fold> OfEach(int nSplits, IReadOnlyList<int> foldOfSample) =>
    [
        .. Enumerable.Range(0, nSplits).Select(fold => new Fold(
            [.. Enumerable.Range(0, foldOfSample.Count).Where(i => foldOfSample[i] != fold)],
            [.. Enumerable.Range(0, foldOfSample.Count).Where(i => foldOfSample[i] == fold)])),
    ];
}
