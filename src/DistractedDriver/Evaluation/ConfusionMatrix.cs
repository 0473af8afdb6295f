namespace DistractedDriver.Evaluation;

// Evaluation: how good a network is and where it looks. It computes numbers from labels and probabilities, by scikit-learn's
// definitions; a report's text is made by a function of its own, and drawing is left to Reports.

/// <summary>
/// How many samples of each class were taken for which class, and what follows from these counts alone
/// (scikit-learn's <c>confusion_matrix</c>).
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[] _supports;
    private readonly int[] _predicted;

    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="predictions">The class that each sample was taken for.</param>
    /// <param name="classes">The classes' names, in order.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, not as many predictions as labels, or a class beyond those named.
    /// </exception>
    public ConfusionMatrix(IReadOnlyList<int> labels, IReadOnlyList<int> predictions, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Check.Classes(labels, classes.Count);
        Check.Classes(predictions, classes.Count);
        Check.AsMany(labels, predictions);
        Classes = [.. classes];
        _counts = new int[classes.Count, classes.Count];
        (_supports, _predicted) = (new int[classes.Count], new int[classes.Count]);
        for (var i = 0; i < labels.Count; i++)
        {
            _counts[labels[i], predictions[i]]++;
            _supports[labels[i]]++;
            _predicted[predictions[i]]++;
        }
        Samples = labels.Count;
    }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How many samples there are.</summary>
    public int Samples { get; }

    /// <summary>How many samples of a class were taken for a class.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="prediction">What they were taken for.</param>
    public int this[int label, int prediction] => _counts[label, prediction];

    /// <summary>The counts, a row for what samples are, a column for what they were taken for.</summary>
    public int[,] ToArray() => (int[,])_counts.Clone();

    /// <summary>The counts as shares; 0 where a row or column holds no samples.</summary>
    /// <param name="normalize">
    /// "true": of the samples of that class (rows add up to 1); "pred": of the samples taken for that class (columns do); "all": of
    /// all samples.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="normalize"/> is something else.</exception>
    public double[,] Normalized(string normalize)
    {
        Func<int, int, int> whole = normalize switch
        {
            "true" => (label, _) => Support(label),
            "pred" => (_, prediction) => Predicted(prediction),
            "all" => (_, _) => Samples,
            _ => throw new ArgumentException($"Shares are of \"true\", \"pred\" or \"all\". Received: \"{normalize}\".", nameof(normalize)),
        };
        var shares = new double[Classes.Count, Classes.Count];
        for (var label = 0; label < Classes.Count; label++)
            for (var prediction = 0; prediction < Classes.Count; prediction++)
                shares[label, prediction] = Ratio(_counts[label, prediction], whole(label, prediction));
        return shares;
    }

    /// <summary>How many samples are of a class.</summary>
    public int Support(int label) => _supports[label];

    /// <summary>How many samples were taken for a class.</summary>
    public int Predicted(int prediction) => _predicted[prediction];

    /// <summary>The share of samples taken for what they are.</summary>
    public double Accuracy => (double)Right / Samples;

    /// <summary>
    /// The mean, over the classes that samples are of, of the share of them that was recognised: a rare class counts as much as a
    /// frequent one (scikit-learn's <c>balanced_accuracy_score</c>).
    /// </summary>
    public double BalancedAccuracy => Enumerable.Range(0, Classes.Count).Where(label => Support(label) > 0)
        .Average(label => (double)_counts[label, label] / Support(label));

    /// <summary>
    /// Cohen's kappa: how far the agreement goes beyond that of predictions that are as frequent but drawn at random; 1 is perfect,
    /// 0 is chance (J. Cohen, Educational and Psychological Measurement 20, 1960). NaN where there is but one class.
    /// </summary>
    public double CohenKappa
    {
        get
        {
            var byChance = Enumerable.Range(0, Classes.Count).Sum(i => (double)Support(i) * Predicted(i)) / Samples;
            return 1 - (Samples - Right) / (Samples - byChance);
        }
    }

    /// <summary>
    /// Matthews' correlation of labels and predictions, for any number of classes: 1 is perfect, 0 is chance (J. Gorodkin,
    /// Computational Biology and Chemistry 28, 2004). 0 where all samples are of one class, or taken for one.
    /// </summary>
    public double MatthewsCorrelation
    {
        get
        {
            double squared = (double)Samples * Samples;
            double both = 0, labels = 0, predictions = 0;
            for (var i = 0; i < Classes.Count; i++)
            {
                both += (double)Support(i) * Predicted(i);
                labels += (double)Support(i) * Support(i);
                predictions += (double)Predicted(i) * Predicted(i);
            }
            var spread = (squared - labels) * (squared - predictions);
            return spread == 0 ? 0 : ((double)Right * Samples - both) / Math.Sqrt(spread);
        }
    }

    /// <summary>How many samples were taken for what they are.</summary>
    internal int Right => Enumerable.Range(0, Classes.Count).Sum(i => _counts[i, i]);

    /// <summary>A share, which is 0 of nothing.</summary>
    internal static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    /// <summary>The counts in a few words.</summary>
    public override string ToString() => $"{Right} of {Samples} right, {Classes.Count} classes";
}
