namespace CSharpKernel.Display;

/// <summary>
/// How values of a type are shown, where a notebook wants them otherwise than they are by themselves. Each session has its own.
/// </summary>
internal sealed class FormatterRegistry
{
    private const int DefaultExpansion = 20;
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private int _listExpansionLimit = DefaultExpansion;

    /// <summary>How many items of a sequence, and how many columns of a table, are shown; 20 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int ListExpansionLimit
    {
        get => _listExpansionLimit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _listExpansionLimit = value;
        }
    }

    /// <summary>Has values of a type, and of types derived from it, shown as a function says; the one registered last counts.</summary>
    public void Register(Type type, string mimeType, Func<object, string> format)
    {
        lock (_gate) _entries.Insert(0, new(type, mimeType, format));
    }

    /// <summary>Forgets what was registered and set.</summary>
    public void ResetToDefault()
    {
        lock (_gate) _entries.Clear();
        _listExpansionLimit = DefaultExpansion;
    }

    /// <summary>What is registered for a value: for each mime type the formatter of the type that is nearest to the value's.</summary>
    public IEnumerable<(string Mime, string Text)> Of(object value)
    {
        Entry[] fitting;
        lock (_gate) fitting = [.. _entries.Where(entry => entry.Type.IsInstanceOfType(value))];
        return fitting.GroupBy(entry => entry.Mime)
            .Select(group => (group.Key, group.MinBy(entry => Distance(value.GetType(), entry.Type))!.Format(value)));
    }

    private static int Distance(Type type, Type registered)
    {
        var steps = 0;
        for (var current = type; current is not null; current = current.BaseType, steps++)
            if (current == registered) return registered == typeof(object) ? int.MaxValue : steps;
        return int.MaxValue - 1;
    }

    private sealed record Entry(Type Type, string Mime, Func<object, string> Format);
}
