namespace DistractedDriver.Callbacks;

/// <summary>What <c>Fit</c> measured: for each log name ("loss", "accuracy", "val_loss", …) one value an epoch.</summary>
public sealed class History
{
    private readonly List<int> _epochs = [];
    private readonly Dictionary<string, List<double>> _values = [];

    /// <summary>The epochs' indices, counted from 0 as Keras counts them.</summary>
    public IReadOnlyList<int> Epoch => _epochs;

    /// <summary>The names of the logged values, in the order in which they were first reported.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>One logged value over the epochs.</summary>
    /// <param name="name">For example "loss" or "val_accuracy".</param>
    /// <exception cref="KeyNotFoundException">Nothing was logged under that name; the message lists what was.</exception>
    public IReadOnlyList<double> this[string name] => _values.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"The history holds no '{name}'; it holds: {string.Join(", ", _values.Keys)}.");

    /// <summary>Whether a value of that name was logged.</summary>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>Adds an epoch's values.</summary>
    /// <param name="epoch">The epoch's index, from 0.</param>
    /// <param name="logs">The values by name.</param>
    public void Add(int epoch, IEnumerable<KeyValuePair<string, double>> logs)
    {
        _epochs.Add(epoch);
        foreach (var (name, value) in logs)
        {
            if (!_values.TryGetValue(name, out var list)) _values[name] = list = [];
            list.Add(value);
        }
    }
}
