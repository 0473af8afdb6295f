namespace DistractedDriver.Evaluation;

/// <summary>How many samples are taken for a class from a score on.</summary>
/// <param name="Threshold">The score.</param>
/// <param name="TruePositives">How many of them are of the class.</param>
/// <param name="FalsePositives">How many are not.</param>
internal readonly record struct ScoreSteps(double Threshold, int TruePositives, int FalsePositives)
{
    /// <summary>The steps of every score that occurs, from the highest.</summary>
    /// <exception cref="ArgumentException">There are no samples, or not as many scores.</exception>
    public static ScoreSteps[] Of(IReadOnlyList<bool> isPositive, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(isPositive);
        ArgumentNullException.ThrowIfNull(scores);
        if (isPositive.Count != scores.Count || scores.Count == 0)
            throw new ArgumentException(
                $"There must be a score for each sample, and at least one. Received: {isPositive.Count} samples, {scores.Count} scores.",
                nameof(scores));
        var steps = new List<ScoreSteps>();
        var (right, wrong) = (0, 0);
        foreach (var same in Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(same => same.Key))
        {
            var positive = same.Count(i => isPositive[i]);
            (right, wrong) = (right + positive, wrong + same.Count() - positive);
            steps.Add(new(same.Key, right, wrong));
        }
        return [.. steps];
    }
}
