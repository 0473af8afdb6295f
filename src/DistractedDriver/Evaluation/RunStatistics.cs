using System.Globalization;

namespace DistractedDriver.Evaluation;

/// <summary>One figure of several runs of the same training, with other seeds or on other folds.</summary>
public sealed class RunStatistics
{
    /// <param name="name">What was run: "softmax".</param>
    /// <param name="values">The figure of each run.</param>
    /// <exception cref="ArgumentException">There are no runs, or a figure is no number.</exception>
    public RunStatistics(string name, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0 || values.Any(value => !double.IsFinite(value)))
            throw new ArgumentException($"'{name}' needs a number for each of at least one run. Received: "
                + $"{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}.", nameof(values));
        (Name, Values) = (name, [.. values]);
    }

    /// <summary>What was run.</summary>
    public string Name { get; }

    /// <summary>The figure of each run.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Their mean.</summary>
    public double Mean => Values.Average();

    /// <summary>How far runs lie apart: the sample's standard deviation, divided by n − 1; NaN of one run.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Math.Sqrt(Values.Sum(value => (value - mean) * (value - mean)) / (Values.Count - 1));
        }
    }

    /// <summary>Mean, spread and how many, in a line.</summary>
    public override string ToString() => Values.Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {Mean:F4} (one run: its spread is unknown)")
        : string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {Mean:F4} ± {StandardDeviation:F4} over {Values.Count} runs ({Values.Min():F4} to {Values.Max():F4})");
}
