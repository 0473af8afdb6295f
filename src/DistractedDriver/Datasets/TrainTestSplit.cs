using DistractedDriver.Core;

namespace DistractedDriver.Datasets;

/// <summary>Samples drawn at random into a part to train on and one to test on (scikit-learn's <c>train_test_split</c>).</summary>
public static class TrainTestSplit
{
    /// <summary>Splits samples.</summary>
    /// <param name="samples">How many there are.</param>
    /// <param name="testSize">The share to test on, rounded up.</param>
    /// <param name="randomState">The seed; null draws from the library's one source of randomness.</param>
    /// <param name="trainSize">The share to train on, rounded down; null for all that are not tested on.</param>
    /// <returns>Both parts in the order in which they were drawn.</returns>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not between 0 and 1, or the seed is negative.</exception>
    public static Fold Split(int samples, double testSize = 0.25, int? randomState = null, double? trainSize = null)
    {
        SplitArguments.CheckSeed(randomState);
        return Draw(samples, SplitArguments.Sizes(samples, testSize, trainSize, "samples"), SplitArguments.Random(randomState));
    }

    /// <summary>Splits samples so that every class has the same share in both parts.</summary>
    /// <typeparam name="TLabel">What classes are told by: numbers, or names.</typeparam>
    /// <param name="labels">Each sample's class.</param>
    /// <param name="testSize">The share to test on, rounded up.</param>
    /// <param name="randomState">The seed; null draws from the library's one source of randomness.</param>
    /// <param name="trainSize">The share to train on, rounded down; null for all that are not tested on.</param>
    /// <returns>Both parts in the order in which they were drawn.</returns>
    /// <exception cref="ArgumentException">
    /// A class has a single sample, or a part has fewer samples than there are classes.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not between 0 and 1, or the seed is negative.</exception>
    public static Fold Stratified<TLabel>(IReadOnlyList<TLabel> labels, double testSize = 0.25, int? randomState = null,
        double? trainSize = null)
        where TLabel : notnull
    {
        SplitArguments.CheckSeed(randomState);
        var classes = Categories.Of(labels, nameof(labels));
        var (train, test) = SplitArguments.Sizes(labels.Count, testSize, trainSize, "samples");
        var sizes = classes.Sizes();
        if (sizes.Min() < 2 || Math.Min(train, test) < classes.Count)
            throw new ArgumentException(
                $"Each of {classes.Count} classes needs a sample in both parts. Received: {sizes.Min()} samples of the rarest class, "
                    + $"{train} samples to train on and {test} to test on.", nameof(labels));
        var random = SplitArguments.Random(randomState);
        var toTrain = Shares(sizes, train, random);
        var toTest = Shares([.. sizes.Select((size, c) => size - toTrain[c])], test, random);
        var (trained, tested) = (new List<int>(), new List<int>());
        for (var c = 0; c < classes.Count; c++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Count).Where(i => classes.Numbers[i] == c)];
            var order = random.Permutation(members.Length);
            trained.AddRange(order.Take(toTrain[c]).Select(i => members[i]));
            tested.AddRange(order.Skip(toTrain[c]).Take(toTest[c]).Select(i => members[i]));
        }
        return new(Shuffled(trained, random), Shuffled(tested, random));
    }

    /// <summary>Draws both parts, the test part first.</summary>
    internal static Fold Draw(int count, (int Train, int Test) sizes, NumpyRandom random)
    {
        var order = random.Permutation(count);
        return new(order[sizes.Test..(sizes.Test + sizes.Train)], order[..sizes.Test]);
    }

    // How many of each class make so many, by the classes' shares: rounded down, and what is missing goes to the largest remainders,
    // at random among equal ones.
    private static int[] Shares(int[] sizes, int count, NumpyRandom random)
    {
        double whole = sizes.Sum();
        var exact = Array.ConvertAll(sizes, size => size / whole * count);
        var shares = Array.ConvertAll(exact, share => (int)Math.Floor(share));
        var missing = count - shares.Sum();
        if (missing == 0) return shares;
        foreach (var equal in Enumerable.Range(0, sizes.Length).GroupBy(c => exact[c] - Math.Floor(exact[c]))
            .OrderByDescending(equal => equal.Key).Select(equal => equal.ToArray()))
        {
            foreach (var chosen in random.Permutation(equal.Length).Take(missing)) shares[equal[chosen]]++;
            missing -= Math.Min(missing, equal.Length);
            if (missing == 0) break;
        }
        return shares;
    }

    private static int[] Shuffled(List<int> values, NumpyRandom random) =>
        Array.ConvertAll(random.Permutation(values.Count), i => values[i]);
}
