namespace DistractedDriver.Evaluation;

/// <summary>
/// What happens as one asks for less and less before saying yes: the share of right alarms against that of false ones, at every
/// score that occurs (scikit-learn's <c>roc_curve</c> with <c>drop_intermediate=False</c>).
/// </summary>
public sealed class RocCurve
{
    /// <param name="isPositive">Whether each sample is of the class in question.</param>
    /// <param name="scores">How much speaks for it.</param>
    /// <exception cref="ArgumentException">There are no samples, or not as many scores.</exception>
    public RocCurve(IReadOnlyList<bool> isPositive, IReadOnlyList<double> scores)
    {
        var steps = ScoreSteps.Of(isPositive, scores);
        var (positives, negatives) = (steps[^1].TruePositives, steps[^1].FalsePositives);
        FalsePositiveRates = [0, .. steps.Select(step => (double)step.FalsePositives / negatives)];
        TruePositiveRates = [0, .. steps.Select(step => (double)step.TruePositives / positives)];
        Thresholds = [double.PositiveInfinity, .. steps.Select(step => step.Threshold)];
    }

    /// <summary>The share of samples of other classes taken for this one, from 0 to 1; NaN where there are none.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; }

    /// <summary>The share of the class's samples recognised, from 0 to 1; NaN where there are none.</summary>
    public IReadOnlyList<double> TruePositiveRates { get; }

    /// <summary>The score from which on a sample is taken for the class, falling; infinity first, for none at all.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>
    /// The area under the curve: how likely a sample of the class has a higher score than one of another. 0.5 is chance. NaN where
    /// all samples, or none, are of the class.
    /// </summary>
    public double Area
    {
        get
        {
            double area = 0;
            for (var i = 1; i < Thresholds.Count; i++)
                area += (FalsePositiveRates[i] - FalsePositiveRates[i - 1]) * (TruePositiveRates[i] + TruePositiveRates[i - 1]) / 2;
            return area;
        }
    }
}
