using System.Globalization;
using DistractedDriver.Reports;

namespace DistractedDriver.Evaluation;

/// <summary>
/// What samples are and how probable a network says each class to be: all that can be said of how good it is follows from these.
/// </summary>
public sealed class ClassificationResult
{
    private readonly float[,] _probabilities;

    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="probabilities">A row a sample, a column a class; two columns for two classes.</param>
    /// <param name="classes">The classes' names; their numbers by default.</param>
    /// <param name="files">The samples' files, full paths; by default they have none.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, not as many rows, names or files, or values beyond 0…1; the message says which.
    /// </exception>
    public ClassificationResult(IReadOnlyList<int> labels, float[,] probabilities, IReadOnlyList<string>? classes = null,
        IReadOnlyList<string>? files = null)
    {
        Check.Probabilities(labels, probabilities);
        var count = probabilities.GetLength(1);
        if (classes is not null && classes.Count != count)
            throw new ArgumentException($"There must be a name for each of {count} classes. Received: {classes.Count}.", nameof(classes));
        if (files is not null && files.Count != labels.Count)
            throw new ArgumentException($"There must be a file for each of {labels.Count} samples. Received: {files.Count}.",
                nameof(files));
        (Labels, _probabilities) = ([.. labels], (float[,])probabilities.Clone());
        Classes = classes is null ? [.. Enumerable.Range(0, count).Select(i => $"{i}")] : [.. classes];
        Files = files is null ? null : [.. files];
        Predictions = [.. Enumerable.Range(0, labels.Count).Select(Highest)];
        Confusion = new ConfusionMatrix(Labels, Predictions, Classes);
    }

    /// <summary>How many samples there are.</summary>
    public int Samples => Labels.Count;

    /// <summary>Each sample's class, from 0.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The class that each sample is taken for: the most probable one, of equal ones the first.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The samples' files; null where they have none.</summary>
    public IReadOnlyList<string>? Files { get; }

    /// <summary>How probable a class was said to be for a sample.</summary>
    public float this[int sample, int label] => _probabilities[sample, label];

    /// <summary>The probabilities, a row a sample, a column a class.</summary>
    public float[,] ToArray() => (float[,])_probabilities.Clone();

    /// <summary>What was taken for what.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Precision, recall and F1 by class and averaged; <c>ToString</c> gives scikit-learn's text.</summary>
    public ClassificationReport Report => new(Confusion);

    /// <summary>The share of samples taken for what they are.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>The log-loss of rows that add up to 1, as scikit-learn's.</summary>
    /// <exception cref="ArgumentException">The rows don't add up to 1.</exception>
    public double LogLoss => ProbabilityScores.LogLoss(Labels, _probabilities);

    /// <summary>The log-loss as Kaggle computes it, the rows divided by their sums.</summary>
    public double KaggleLogLoss => ProbabilityScores.KaggleLogLoss(Labels, _probabilities);

    /// <summary>The squared distance between probabilities and truth.</summary>
    public double BrierScore => ProbabilityScores.BrierScore(Labels, _probabilities);

    /// <summary>The area under the ROC curve, averaged over the classes.</summary>
    public double RocAuc => ProbabilityScores.RocAuc(Labels, _probabilities);

    /// <summary>The share of samples whose class is among the k most probable.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1 or above the number of classes.</exception>
    public double TopKAccuracy(int k) => ProbabilityScores.TopKAccuracy(Labels, _probabilities, k);

    /// <summary>The ROC curve of one class against all others.</summary>
    /// <param name="label">The class's number.</param>
    public RocCurve RocCurve(int label) => new(Are(label), Column(label));

    /// <summary>The precision-recall curve of one class against all others.</summary>
    /// <param name="label">The class's number.</param>
    public PrecisionRecallCurve PrecisionRecallCurve(int label) => new(Are(label), Column(label));

    /// <summary>Whether the network is right as often as it says.</summary>
    /// <param name="bins">How many bins there are.</param>
    /// <param name="strategy">"uniform" or "quantile".</param>
    /// <exception cref="ArgumentException">Another strategy, or a number of bins below 1.</exception>
    public Calibration Calibration(int bins = 10, string strategy = "uniform") =>
        new([.. Enumerable.Range(0, Samples).Select(Confidence)], [.. Enumerable.Range(0, Samples).Select(IsRight)], bins, strategy);

    /// <summary>The samples that the network was surest of and wrong about.</summary>
    /// <param name="count">How many at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public IReadOnlyList<Mistake> MostConfidentMistakes(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return
        [
            .. Enumerable.Range(0, Samples).Where(i => !IsRight(i)).OrderByDescending(Confidence).Take(count).Select(i =>
                new Mistake(i, Files?[i], Classes[Labels[i]], Classes[Predictions[i]], Confidence(i), _probabilities[i, Labels[i]])),
        ];
    }

    /// <summary>The most confident mistakes as pictures: below each what it is, what it was taken for, and how sure.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="tileWidth">How many pixels wide each is shown.</param>
    /// <exception cref="InvalidOperationException">The samples have no files, or there is no mistake.</exception>
    /// <exception cref="InvalidDataException">A file can't be read as an image.</exception>
    public ImageGrid ShowMostConfidentMistakes(int count = 10, int columns = 5, int tileWidth = 160)
    {
        if (Files is null) throw new InvalidOperationException("The samples were given without files, so there are no pictures to show.");
        var mistakes = MostConfidentMistakes(count);
        if (mistakes.Count == 0) throw new InvalidOperationException($"All of the {Samples} samples were taken for what they are.");
        return ImageGrid.OfFiles(mistakes.Select(mistake => mistake.File!), [.. mistakes.Select(Caption)], columns, tileWidth);

        static string Caption(Mistake mistake) => FormattableString.Invariant(
            $"is: {mistake.Label}\nsaid: {mistake.Prediction} ({mistake.Confidence:P0})\n{Path.GetFileName(mistake.File)}");
    }

    /// <summary>
    /// The same samples with each probability the mean of several networks': of the folds' networks on one test set, or of several
    /// seeds.
    /// </summary>
    /// <param name="results">The networks' results for the same samples in the same order.</param>
    /// <exception cref="ArgumentException">There are none, or they are of other samples or classes.</exception>
    public static ClassificationResult Average(IReadOnlyList<ClassificationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            throw new ArgumentException("There must be at least one result to average. Received: none.", nameof(results));
        var first = results[0];
        for (var i = 1; i < results.Count; i++)
            if (!results[i].Labels.SequenceEqual(first.Labels) || !results[i].Classes.SequenceEqual(first.Classes)
                || !(results[i].Files ?? []).SequenceEqual(first.Files ?? []))
                throw new ArgumentException(
                    $"Results of the same samples in the same order can be averaged; result {i} has other labels, classes or files than "
                        + "the first. Evaluate all networks on one generator.", nameof(results));
        var means = new float[first.Samples, first.Classes.Count];
        for (var i = 0; i < first.Samples; i++)
            for (var c = 0; c < first.Classes.Count; c++) means[i, c] = (float)results.Average(result => (double)result[i, c]);
        return new(first.Labels, means, first.Classes, first.Files);
    }

    /// <summary>
    /// Results of different samples as one: of a cross-validation's folds, where each sample is in the test part of one fold and so
    /// was predicted by a network that had not seen it.
    /// </summary>
    /// <param name="results">The results, of the same classes.</param>
    /// <exception cref="ArgumentException">There are none, their classes differ, or only some have files.</exception>
    public static ClassificationResult Join(IReadOnlyList<ClassificationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            throw new ArgumentException("There must be at least one result to join. Received: none.", nameof(results));
        var first = results[0];
        for (var i = 1; i < results.Count; i++)
            if (!results[i].Classes.SequenceEqual(first.Classes) || results[i].Files is null != first.Files is null)
                throw new ArgumentException(
                    $"Results of the same classes can be joined, all with files or none. Result {i} has the classes "
                        + $"{string.Join(", ", results[i].Classes)}; the first has {string.Join(", ", first.Classes)}.", nameof(results));
        var all = new float[results.Sum(result => result.Samples), first.Classes.Count];
        var row = 0;
        foreach (var result in results)
            for (var i = 0; i < result.Samples; i++, row++)
                for (var c = 0; c < first.Classes.Count; c++) all[row, c] = result[i, c];
        return new([.. results.SelectMany(result => result.Labels)], all, first.Classes,
            first.Files is null ? null : [.. results.SelectMany(result => result.Files!)]);
    }

    /// <summary>The accuracy in a few words.</summary>
    public override string ToString() => $"{Confusion} ({Accuracy.ToString("P1", CultureInfo.InvariantCulture)})";

    /// <summary>How probable the prediction was said to be.</summary>
    internal double Confidence(int sample) => _probabilities[sample, Predictions[sample]];

    private bool IsRight(int sample) => Predictions[sample] == Labels[sample];

    private int Highest(int sample)
    {
        var highest = 0;
        for (var c = 1; c < _probabilities.GetLength(1); c++)
            if (_probabilities[sample, c] > _probabilities[sample, highest]) highest = c;
        return highest;
    }

    private bool[] Are(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, Classes.Count);
        return [.. Labels.Select(other => other == label)];
    }

    private double[] Column(int label) => [.. Enumerable.Range(0, Samples).Select(i => (double)_probabilities[i, label])];
}
