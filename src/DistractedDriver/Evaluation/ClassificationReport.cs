using DistractedDriver.Core;

namespace DistractedDriver.Evaluation;

/// <summary>
/// Precision, recall and F1 of each class and averaged (scikit-learn's <c>precision_recall_fscore_support</c> with
/// <c>zero_division=0</c>).
/// </summary>
public sealed class ClassificationReport
{
    /// <param name="confusion">What was taken for what.</param>
    /// <param name="onlyPresent">Whether classes are left out that no sample is of and none was taken for.</param>
    public ClassificationReport(ConfusionMatrix confusion, bool onlyPresent = false)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        Classes =
        [
            .. Enumerable.Range(0, confusion.Classes.Count)
                .Where(i => !onlyPresent || confusion.Support(i) + confusion.Predicted(i) > 0)
                .Select(i => Scores(confusion.Classes[i], confusion[i, i], confusion.Support(i), confusion.Predicted(i))),
        ];
        Accuracy = confusion.Accuracy;
        Macro = Average("macro avg", values => NumpySum.Mean(values));
        var supports = Column(scores => scores.Support);
        Weighted = Average("weighted avg", values =>
            NumpySum.Of([.. values.Select((value, i) => value * supports[i])]) / NumpySum.Of(supports));
        Micro = Scores("micro avg", confusion.Right, confusion.Samples, confusion.Samples);
    }

    /// <summary>The classes, in order.</summary>
    public IReadOnlyList<ClassScores> Classes { get; }

    /// <summary>The share of samples taken for what they are.</summary>
    public double Accuracy { get; }

    /// <summary>Of all samples together; where each has one class, all three values are the accuracy.</summary>
    public ClassScores Micro { get; }

    /// <summary>The classes' mean, each counting once.</summary>
    public ClassScores Macro { get; }

    /// <summary>The classes' mean, each counting by its samples.</summary>
    public ClassScores Weighted { get; }

    /// <summary>The report as text, with two digits.</summary>
    public override string ToString() => ClassificationReportText.Write(this);

    private static ClassScores Scores(string name, int right, int support, int predicted) =>
        new(name, ConfusionMatrix.Ratio(right, predicted), ConfusionMatrix.Ratio(right, support),
            ConfusionMatrix.Ratio(2.0 * right, (double)support + predicted), support);

    private ClassScores Average(string name, Func<double[], double> average) =>
        new(name, average(Column(scores => scores.Precision)), average(Column(scores => scores.Recall)),
            average(Column(scores => scores.F1)), Classes.Sum(scores => scores.Support));

    private double[] Column(Func<ClassScores, double> value) => [.. Classes.Select(value)];
}
