using System.Globalization;
using System.Runtime.CompilerServices;

namespace DistractedDriver.Evaluation;

/// <summary>Whether labels and probabilities are what a computation takes.</summary>
internal static class Check
{
    /// <exception cref="ArgumentException">There are none, or one is beyond the classes.</exception>
    public static void Classes(IReadOnlyList<int> numbers, int classes,
        [CallerArgumentExpression(nameof(numbers))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(numbers, name);
        if (numbers.Count == 0) throw new ArgumentException("There must be at least one sample. Received: none.", name);
        for (var i = 0; i < numbers.Count; i++)
            if (numbers[i] < 0 || numbers[i] >= classes)
                throw new ArgumentException($"Of {classes} classes each is from 0 to {classes - 1}. Received: {numbers[i]} at {i}.", name);
    }

    /// <exception cref="ArgumentException">There are not as many predictions as labels.</exception>
    public static void AsMany<T>(IReadOnlyList<int> labels, IReadOnlyList<T> predictions) =>
        AsMany(labels.Count, predictions.Count, nameof(predictions));

    /// <exception cref="ArgumentException">
    /// The labels are beyond the classes, there are not as many rows as labels, or a value is no probability.
    /// </exception>
    public static void Probabilities(IReadOnlyList<int> labels, float[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var classes = probabilities.GetLength(1);
        if (classes < 2)
            throw new ArgumentException(
                $"Probabilities have a column for each of at least two classes. Received: {classes}; the probability p of the second of "
                    + "two classes makes the columns 1 − p and p.", nameof(probabilities));
        Classes(labels, classes);
        AsMany(labels.Count, probabilities.GetLength(0), nameof(probabilities));
        for (var i = 0; i < labels.Count; i++)
            for (var c = 0; c < classes; c++)
                if (!(probabilities[i, c] is >= 0 and <= 1))
                    throw new ArgumentException(
                        $"Probabilities are from 0 to 1. Received: {probabilities[i, c].ToString(CultureInfo.InvariantCulture)} in row "
                            + $"{i}, column {c}. Outputs before softmax are no probabilities: apply it, or classify with fromLogits: true.",
                        nameof(probabilities));
    }

    private static void AsMany(int labels, int predictions, string name)
    {
        if (labels != predictions)
            throw new ArgumentException($"There must be as many rows as labels. Received: {labels} labels, {predictions} rows.", name);
    }
}
