using System.Globalization;
using DistractedDriver.Core;

namespace DistractedDriver.Datasets;

/// <summary>What splits have in common: their arguments, and where their randomness comes from.</summary>
internal static class SplitArguments
{
    /// <exception cref="ArgumentException">A seed is given and nothing is shuffled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 parts, or the seed is negative.</exception>
    public static void Check(int nSplits, bool shuffle, int? randomState)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nSplits, 2);
        CheckSeed(randomState);
        if (!shuffle && randomState is not null)
            throw new ArgumentException(
                $"A seed has no effect without shuffling. Received: randomState {randomState}; say shuffle: true too.",
                nameof(randomState));
    }

    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static void CheckSeed(int? randomState)
    {
        if (randomState is < 0)
            throw new ArgumentOutOfRangeException(nameof(randomState), $"A seed is from 0. Received: {randomState}.");
    }

    /// <exception cref="ArgumentException">There are fewer of them than parts.</exception>
    public static void CheckEnough(int count, int nSplits, string what, string name)
    {
        if (count < nSplits)
            throw new ArgumentException($"{nSplits} parts need at least as many {what}. Received: {count} {what}.", name);
    }

    /// <exception cref="ArgumentException">Labels and groups are not as many.</exception>
    public static void CheckAsMany(int labels, int groups)
    {
        if (labels != groups)
            throw new ArgumentException($"There must be a group for each label. Received: {labels} labels, {groups} groups.",
                nameof(groups));
    }

    /// <summary>NumPy's legacy generator of a seed, or the one that all share.</summary>
    public static NumpyRandom Random(int? randomState) => randomState is { } seed ? new NumpyRandom((uint)seed) : NumpyRandom.Global;

    /// <summary>How many of so many are trained on and tested on: the test part is rounded up, a training part down.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="testSize">The test part's share.</param>
    /// <param name="trainSize">The training part's share; null for what the test part leaves.</param>
    /// <param name="what">What is counted, for messages.</param>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not between 0 and 1, or both add up to more than 1.</exception>
    public static (int Train, int Test) Sizes(int count, double testSize, double? trainSize, string what)
    {
        if (testSize is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testSize), $"A share is between 0 and 1. Received: {Text(testSize)}.");
        if (trainSize is { } share && (share is not (> 0 and < 1) || share + testSize > 1))
            throw new ArgumentOutOfRangeException(nameof(trainSize),
                $"A share is between 0 and 1, and both together are at most 1. Received: {Text(share)} beside {Text(testSize)}.");
        var test = (int)Math.Ceiling(testSize * count);
        var train = trainSize is { } given ? (int)Math.Floor(given * count) : count - test;
        return train >= 1 && test >= 1 && train + test <= count
            ? (train, test)
            : throw new ArgumentException(
                $"A share of {Text(testSize)} of {count} {what} leaves {train} to train on and {test} to test on; both need at least one.",
                nameof(testSize));
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
