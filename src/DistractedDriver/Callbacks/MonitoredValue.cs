namespace DistractedDriver.Callbacks;

/// <summary>A logged value that a callback watches, and what counts as better.</summary>
internal sealed class MonitoredValue
{
    private readonly string _name;
    private readonly bool _greater;

    /// <param name="name">"val_loss", "val_accuracy", ….</param>
    /// <param name="mode">"min", "max", or "auto": more is better for accuracies, less for everything else.</param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public MonitoredValue(string name, string mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
        _greater = mode switch
        {
            "min" => false,
            "max" => true,
            "auto" => name.Contains("acc", StringComparison.Ordinal) || name.EndsWith("auc", StringComparison.Ordinal),
            _ => throw new ArgumentException($"The mode is \"auto\", \"min\" or \"max\". Received: \"{mode}\".", nameof(mode)),
        };
    }

    /// <summary>What any value is better than.</summary>
    public double Worst => _greater ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>Whether a value is better than another by more than so much.</summary>
    public bool IsBetter(double value, double than, double by) => _greater ? value - by > than : value + by < than;

    /// <summary>The value in an epoch's logs.</summary>
    /// <exception cref="InvalidOperationException">Nothing is logged under that name.</exception>
    public double Read(IDictionary<string, double> logs, string callback) => logs.TryGetValue(_name, out var value)
        ? value
        : throw new InvalidOperationException(
            $"{callback} watches '{_name}', which this training does not log; it logs: {string.Join(", ", logs.Keys)}. Give "
                + "validationData, or another monitor.");
}
