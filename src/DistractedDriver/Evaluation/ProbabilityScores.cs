using DistractedDriver.Core;

namespace DistractedDriver.Evaluation;

/// <summary>How good probabilities are, given what the samples turned out to be.</summary>
public static class ProbabilityScores
{
    // Kaggle's clipping; scikit-learn clips by the spacing of double-precision numbers at 1.
    private const double KaggleEpsilon = 1e-15, Epsilon = 2.220446049250313e-16;

    /// <summary>
    /// The mean of −log of the probability that a sample's class was given (scikit-learn's <c>log_loss</c> of double precision):
    /// probabilities are kept 2.2e-16 from 0 and 1.
    /// </summary>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class; rows that add up to 1.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, not as many rows as labels, values beyond 0…1, or rows that don't add up to 1.
    /// </exception>
    public static double LogLoss(IReadOnlyList<int> labels, float[,] probabilities)
    {
        Check.Probabilities(labels, probabilities);
        for (var i = 0; i < labels.Count; i++)
            if (Math.Abs(RowSum(probabilities, i) - 1) > 1e-3)
                throw new ArgumentException(FormattableString.Invariant(
                    $"The log-loss is of probabilities that add up to 1. Row {i} adds up to {RowSum(probabilities, i):G4}, as ")
                        + "sigmoids' do; KaggleLogLoss divides each row by its sum first.", nameof(probabilities));
        return labels.Select((label, i) => -Math.Log(Math.Clamp((double)probabilities[i, label], Epsilon, 1 - Epsilon))).Average();
    }

    /// <summary>
    /// The log-loss as Kaggle's competitions compute it: each row is divided by its sum, then kept 1e-15 from 0 and 1. It takes sigmoids'
    /// outputs too.
    /// </summary>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class.</param>
    /// <exception cref="ArgumentException">There are no samples, not as many rows as labels, or values beyond 0…1.</exception>
    public static double KaggleLogLoss(IReadOnlyList<int> labels, float[,] probabilities)
    {
        Check.Probabilities(labels, probabilities);
        return labels.Select((label, i) => -Math.Log(Math.Clamp(Share(probabilities, i, label), KaggleEpsilon, 1 - KaggleEpsilon)))
            .Average();
    }

    /// <summary>
    /// The share of samples whose class is among the <paramref name="k"/> most probable (scikit-learn's
    /// <c>top_k_accuracy_score</c>): of equal probabilities the later class comes first.
    /// </summary>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class.</param>
    /// <param name="k">How many guesses a sample has.</param>
    /// <exception cref="ArgumentException">There are no samples, not as many rows as labels, or values beyond 0…1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1 or above the number of classes.</exception>
    public static double TopKAccuracy(IReadOnlyList<int> labels, float[,] probabilities, int k)
    {
        Check.Probabilities(labels, probabilities);
        var classes = probabilities.GetLength(1);
        if (k < 1 || k > classes) throw new ArgumentOutOfRangeException(nameof(k), $"k is from 1 to {classes}. Received: {k}.");
        var hits = labels.Where((label, i) =>
        {
            var before = 0;
            for (var c = 0; c < classes; c++)
            {
                var (other, own) = (probabilities[i, c], probabilities[i, label]);
                if (other > own || (c > label && other == own)) before++;
            }
            return before < k;
        }).Count();
        return (double)hits / labels.Count;
    }

    /// <summary>
    /// The mean, over samples, of the squared distance between the probabilities and the truth (G. W. Brier, Monthly Weather Review
    /// 78, 1950): 0 is perfect, 2 is certain and wrong.
    /// </summary>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class.</param>
    /// <exception cref="ArgumentException">There are no samples, not as many rows as labels, or values beyond 0…1.</exception>
    public static double BrierScore(IReadOnlyList<int> labels, float[,] probabilities)
    {
        Check.Probabilities(labels, probabilities);
        return labels.Select((label, i) => Enumerable.Range(0, probabilities.GetLength(1)).Sum(c =>
        {
            var distance = probabilities[i, c] - (c == label ? 1.0 : 0);
            return distance * distance;
        })).Average();
    }

    /// <summary>
    /// The mean, over the classes, of the area under each one's ROC curve against all others, the rows divided by their sums
    /// (scikit-learn's <c>roc_auc_score</c> with <c>multi_class="ovr"</c>); of two classes it is the area of the second.
    /// </summary>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class.</param>
    /// <returns>NaN where a class has no samples.</returns>
    /// <exception cref="ArgumentException">There are no samples, not as many rows as labels, or values beyond 0…1.</exception>
    public static double RocAuc(IReadOnlyList<int> labels, float[,] probabilities)
    {
        Check.Probabilities(labels, probabilities);
        var classes = probabilities.GetLength(1);
        double Area(int positive, Func<int, double> score) =>
            new RocCurve([.. labels.Select(label => label == positive)], [.. Enumerable.Range(0, labels.Count).Select(score)]).Area;
        return classes == 2
            ? Area(1, i => probabilities[i, 1])
            : NumpySum.Mean([.. Enumerable.Range(0, classes).Select(c => Area(c, i => Share(probabilities, i, c)))]);
    }

    /// <summary>A row of all zeros gives no class a share.</summary>
    private static double Share(float[,] probabilities, int row, int column) =>
        ConfusionMatrix.Ratio(probabilities[row, column], RowSum(probabilities, row));

    private static double RowSum(float[,] probabilities, int row)
    {
        var values = new double[probabilities.GetLength(1)];
        for (var c = 0; c < values.Length; c++) values[c] = probabilities[row, c];
        return NumpySum.Of(values);
    }
}
