using System.Globalization;

namespace DistractedDriver.Evaluation;

/// <summary>What two runs of a pair have in common and pairs have not.</summary>
public enum RunPairs
{
    /// <summary>The seed; all runs train and test on the same samples.</summary>
    Seeds,

    /// <summary>The fold of a cross-validation: both train and test on the same samples, each pair on others.</summary>
    Folds,
}

/// <summary>
/// Two trainings compared run by run: the mean of the differences and, by Student's t, the interval in which the true one is to be
/// expected. Folds share most of what they train on, so that their differences vary less than new data's would; their interval is
/// widened for it (C. Nadeau, Y. Bengio, Machine Learning 52, 2003).
/// </summary>
public sealed class PairedComparison
{
    /// <param name="first">The runs of one training.</param>
    /// <param name="second">Those of the other, in the same order.</param>
    /// <param name="pairs">What makes a pair.</param>
    /// <param name="confidence">How often such an interval holds the true difference.</param>
    /// <exception cref="ArgumentException">There are not as many of both, or fewer than two.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is not between 0 and 1.</exception>
    public PairedComparison(RunStatistics first, RunStatistics second, RunPairs pairs, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Values.Count != second.Values.Count || first.Values.Count < 2)
            throw new ArgumentException(
                $"Runs are compared in pairs, at least two. Received: {first.Values.Count} of '{first.Name}', {second.Values.Count} of "
                    + $"'{second.Name}'.", nameof(second));
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence),
            string.Create(CultureInfo.InvariantCulture, $"A confidence is between 0 and 1: 0.95. Received: {confidence}."));
        (First, Second, Pairs, Confidence) = (first, second, pairs, confidence);
        Differences = new("difference", [.. first.Values.Zip(second.Values, (a, b) => a - b)]);
        double count = Differences.Values.Count;
        // Of k folds one is tested on and k − 1 are trained on.
        var share = 1 / count + (pairs == RunPairs.Folds ? 1 / (count - 1) : 0);
        HalfWidth = StudentT.Quantile(confidence, Differences.Values.Count - 1) * Differences.StandardDeviation * Math.Sqrt(share);
    }

    /// <summary>The runs of one training.</summary>
    public RunStatistics First { get; }

    /// <summary>The runs of the other.</summary>
    public RunStatistics Second { get; }

    /// <summary>What makes a pair.</summary>
    public RunPairs Pairs { get; }

    /// <summary>How often such an interval holds the true difference.</summary>
    public double Confidence { get; }

    /// <summary>Pair by pair, the first less the second.</summary>
    public RunStatistics Differences { get; }

    /// <summary>How far the interval reaches from the mean difference.</summary>
    public double HalfWidth { get; }

    /// <summary>The interval's lower end.</summary>
    public double From => Differences.Mean - HalfWidth;

    /// <summary>The interval's upper end.</summary>
    public double To => Differences.Mean + HalfWidth;

    /// <summary>Whether the interval leaves out 0, so that the runs show which of the two is higher.</summary>
    public bool IsDecided => From > 0 || To < 0;

    /// <summary>The figures, and in words what may be said of them and what not.</summary>
    public override string ToString() => $"{First}\n{Second}\n{Interval()}\n{Verdict()} {Limits()}";

    private string Interval() => string.Create(CultureInfo.InvariantCulture,
        $"{First.Name} − {Second.Name}: {Signed(Differences.Mean)}, {Confidence:P0} interval {Signed(From)} to {Signed(To)}");

    private static string Signed(double value) => value.ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture);

    private string Verdict()
    {
        var higher = Differences.Mean > 0 ? First.Name : Second.Name;
        return IsDecided
            ? $"The interval leaves out 0: '{higher}' is higher, beyond what {Varied} alone would do."
            : "The interval holds 0: these runs do not show which is higher. That is not to say that both are equal.";
    }

    private string Limits()
    {
        var few = Differences.Values.Count < 5
            ? $" With {Differences.Values.Count} pairs the spread itself is hardly known, and the interval leans on the differences being "
                + "normally distributed."
            : "";
        var data = Pairs == RunPairs.Seeds
            ? "All runs were tested on the same samples: nothing is said of other samples, drivers or cameras."
            : "The folds share most of what they train on; the interval is widened for that, and is approximate. It speaks of training "
                + "sets of this size from this source.";
        return $"{data}{few} Whoever compares many trainings this way finds some that differ by chance.";
    }

    private string Varied => Pairs == RunPairs.Seeds ? "seeds" : "folds";
}
