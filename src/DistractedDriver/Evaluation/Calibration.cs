namespace DistractedDriver.Evaluation;

/// <summary>Predictions of similar confidence.</summary>
/// <param name="From">The bin's lower edge.</param>
/// <param name="To">Its upper edge, which belongs to it.</param>
/// <param name="Count">How many predictions are in it.</param>
/// <param name="MeanConfidence">How sure they were on average.</param>
/// <param name="FractionRight">How many of them were right.</param>
public sealed record CalibrationBin(double From, double To, int Count, double MeanConfidence, double FractionRight);

/// <summary>
/// Whether a network is right as often as it says: predictions in bins by their confidence (scikit-learn's <c>calibration_curve</c>;
/// C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, ICML 2017).
/// </summary>
public sealed class Calibration
{
    private readonly int _samples;

    /// <param name="confidences">How probable each prediction was said to be.</param>
    /// <param name="isRight">Whether it was right.</param>
    /// <param name="bins">How many bins there are.</param>
    /// <param name="strategy">"uniform": bins as wide as each other; "quantile": bins that hold as many predictions as each other.</param>
    /// <exception cref="ArgumentException">
    /// There are no predictions, not as many of both, confidences beyond 0…1, or another strategy.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    public Calibration(IReadOnlyList<double> confidences, IReadOnlyList<bool> isRight, int bins = 10, string strategy = "uniform")
    {
        ArgumentNullException.ThrowIfNull(confidences);
        ArgumentNullException.ThrowIfNull(isRight);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (confidences.Count == 0 || confidences.Count != isRight.Count || confidences.Any(value => !(value is >= 0 and <= 1)))
            throw new ArgumentException(
                $"There must be a confidence from 0 to 1 for each prediction, and at least one. Received: {confidences.Count} confidences, "
                    + $"{isRight.Count} predictions.", nameof(confidences));
        var edges = strategy switch
        {
            "uniform" => Even(bins),
            "quantile" => Quantiles(confidences, bins),
            _ => throw new ArgumentException($"Bins are \"uniform\" or of \"quantile\" sizes. Received: \"{strategy}\".", nameof(strategy)),
        };
        _samples = confidences.Count;
        // A bin holds its upper edge, and the first one its lower edge too. Edges of equal height leave bins between them empty.
        Bins =
        [
            .. Enumerable.Range(0, _samples).GroupBy(i => edges[1..^1].Count(edge => edge < confidences[i])).OrderBy(bin => bin.Key)
                .Select(bin => new CalibrationBin(edges[bin.Key], edges[bin.Key + 1], bin.Count(),
                    bin.Average(i => confidences[i]), bin.Average(i => isRight[i] ? 1.0 : 0))),
        ];
    }

    /// <summary>The bins that hold predictions, from the least confident.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>
    /// How far confidence and being right lie apart, on average over the predictions. Usually of 10 or 15 uniform bins; other bins give
    /// other numbers.
    /// </summary>
    public double ExpectedError => Bins.Sum(bin => Math.Abs(bin.FractionRight - bin.MeanConfidence) * bin.Count / _samples);

    // As NumPy's linspace: the step times its number, and 1 itself.
    private static double[] Even(int bins) => [.. Enumerable.Range(0, bins).Select(i => i * (1.0 / bins)), 1];

    // As NumPy's percentile: linear between the two values about a place, from the nearer one.
    private static double[] Quantiles(IReadOnlyList<double> values, int bins)
    {
        double[] sorted = [.. values.Order()];
        return Array.ConvertAll(Even(bins), share =>
        {
            var place = share * 100 / 100 * (sorted.Length - 1);
            var below = (int)place;
            var (low, high, part) = (sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)], place - below);
            return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
        });
    }
}
