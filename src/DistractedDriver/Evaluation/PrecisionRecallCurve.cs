namespace DistractedDriver.Evaluation;

/// <summary>
/// Precision against recall at every score that occurs, from the highest (scikit-learn's <c>precision_recall_curve</c>, reversed).
/// </summary>
public sealed class PrecisionRecallCurve
{
    /// <param name="isPositive">Whether each sample is of the class in question.</param>
    /// <param name="scores">How much speaks for it.</param>
    /// <exception cref="ArgumentException">There are no samples, or not as many scores.</exception>
    public PrecisionRecallCurve(IReadOnlyList<bool> isPositive, IReadOnlyList<double> scores)
    {
        var steps = ScoreSteps.Of(isPositive, scores);
        Precisions = [1, .. steps.Select(step => (double)step.TruePositives / (step.TruePositives + step.FalsePositives))];
        // As scikit-learn has it, without any sample of the class every one of them was found.
        Recalls = [0, .. steps.Select(step => steps[^1].TruePositives == 0 ? 1 : (double)step.TruePositives / steps[^1].TruePositives)];
        Thresholds = [.. steps.Select(step => step.Threshold)];
    }

    /// <summary>Of the samples taken for the class, the share that is of it; 1 first, for none at all.</summary>
    public IReadOnlyList<double> Precisions { get; }

    /// <summary>The share of the class's samples that is recognised, from 0 to 1.</summary>
    public IReadOnlyList<double> Recalls { get; }

    /// <summary>The score from which on a sample is taken for the class, falling; one less than there are points.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>
    /// The precisions' mean, each counting by how much recall it adds (scikit-learn's <c>average_precision_score</c>); 0 where no
    /// sample is of the class.
    /// </summary>
    public double AveragePrecision
    {
        get
        {
            double sum = 0;
            for (var i = 1; i < Recalls.Count; i++) sum += (Recalls[i] - Recalls[i - 1]) * Precisions[i];
            return sum;
        }
    }
}
