using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>One value of Keras's and how far ours is from it.</summary>
/// <param name="Golden">Which: an array's name, or a JSON file's and, behind #, the entry's.</param>
/// <param name="Bound">How far it may be; 0 for exactly equal.</param>
/// <param name="Measure">Computes ours and compares.</param>
internal sealed record Check(string Golden, double Bound, Func<double> Measure)
{
    public const double Activations = 1e-5;
    public const double Losses = 1e-4;

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Check> All { get; } =
        [
            .. ImageChecks.All(), .. FormatChecks.All(), .. GeneratorChecks.All(), .. LayerChecks.All(), .. GradientChecks.All(),
            .. FineTuneChecks.All(), .. TrainableChecks.All(), .. BinaryChecks.All(), .. EdgeChecks.All(), .. CallbackChecks.All(),
            .. TensorBoardChecks.All(), .. NetworkChecks.All(), .. LossChecks.All(), .. OptimizerChecks.All(), .. FileChecks.All(),
            .. SavingChecks.All(), .. SummaryChecks.All(), .. TrainingChecks.All(), .. EvaluationChecks.All(),
        ];

    /// <summary>‖a − b‖ / ‖b‖: the deviation of activations.</summary>
    public static double Relative(IReadOnlyList<float> actual, IReadOnlyList<float> expected)
    {
        if (actual.Count != expected.Count) return double.PositiveInfinity;
        double difference = 0, norm = 0;
        for (var i = 0; i < expected.Count; i++)
        {
            difference += Math.Pow((double)actual[i] - expected[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        return difference == 0 ? 0 : Math.Sqrt(difference / norm);
    }

    /// <summary>The same of a tensor and a golden of its shape.</summary>
    public static double Relative(Tensor actual, string golden) =>
        actual.shape.SequenceEqual(global::Goldens.Golden.Shape(golden))
            ? Relative(Values(actual), global::Goldens.Golden.Floats(golden))
            : double.PositiveInfinity;

    /// <summary>The largest difference of two values.</summary>
    public static double Farthest(IEnumerable<double> actual, IEnumerable<double> expected)
    {
        var (a, b) = (actual.ToArray(), expected.ToArray());
        return a.Length == b.Length
            ? a.Zip(b).Select(pair => Math.Abs(pair.First - pair.Second)).DefaultIfEmpty().Max()
            : double.PositiveInfinity;
    }

    /// <summary>The largest difference of two values.</summary>
    public static double Farthest(IEnumerable<float> actual, IEnumerable<float> expected) =>
        Farthest(actual.Select(value => (double)value), expected.Select(value => (double)value));

    /// <summary>How many places of two sequences differ.</summary>
    public static double Different<T>(IEnumerable<T> actual, IEnumerable<T> expected)
    {
        var (a, b) = (actual.ToArray(), expected.ToArray());
        return a.Length == b.Length
            ? a.Zip(b).Count(pair => !EqualityComparer<T>.Default.Equals(pair.First, pair.Second))
            : double.PositiveInfinity;
    }

    public static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
