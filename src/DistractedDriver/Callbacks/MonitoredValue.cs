using DistractedDriver.Core;

namespace DistractedDriver.Callbacks;

/// <summary>A logged value that a callback watches, and what counts as better.</summary>
internal sealed class MonitoredValue
{
    private readonly string _name;
    private readonly bool _greater;
    private bool _isExpected;
    private bool _isSaid;

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

    /// <summary>Its name.</summary>
    public string Name => _name;

    /// <summary>Says once that nothing is logged under that name, if that is known before the first epoch.</summary>
    public void Begin(IReadOnlyList<string>? logged, string callback)
    {
        (_isExpected, _isSaid) = (logged?.Contains(_name) == true, false);
        if (logged is not null && !_isExpected) Say(logged, callback);
    }

    /// <summary>The value in an epoch's logs; null, which is said once, where nothing is logged under that name.</summary>
    public double? Read(IDictionary<string, double> logs, string callback)
    {
        if (logs.TryGetValue(_name, out var value)) return value;
        if (!_isExpected) Say(logs.Keys, callback);
        return null;
    }

    private void Say(IEnumerable<string> logged, string callback)
    {
        if (!_isSaid)
            TextOutput.WriteLine($"{callback} watches '{_name}', which this training does not log, so that it does nothing; logged are "
                + $"{string.Join(", ", logged)}. Give validationData, or another monitor.");
        _isSaid = true;
    }
}
