using System.Globalization;

namespace CSharpKernel;

/// <summary>How values of a type are shown, where a notebook wants them otherwise than they are by themselves.</summary>
public static class Formatter
{
    private static readonly Lock Gate = new();
    private static readonly List<Entry> Entries = [];
    private static int _listExpansionLimit = 20;

    /// <summary>How many items of a sequence, and how many columns of a table, are shown; 20 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static int ListExpansionLimit
    {
        get => _listExpansionLimit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _listExpansionLimit = value;
        }
    }

    /// <summary>Has values of a type, and of types derived from it, shown as a function says; the one registered last counts.</summary>
    /// <typeparam name="T">The type: a class, an interface or a struct.</typeparam>
    /// <param name="format">Gives the text.</param>
    /// <param name="mimeType">What the text is: "text/plain", "text/html", "image/svg+xml", ….</param>
    public static void Register<T>(Func<T, string> format, string mimeType = "text/plain")
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        lock (Gate) Entries.Insert(0, new(typeof(T), mimeType, value => format((T)value)));
    }

    /// <summary>Has values of a type, and of types derived from it, shown as a function writes; the one registered last counts.</summary>
    /// <typeparam name="T">The type: a class, an interface or a struct.</typeparam>
    /// <param name="format">Writes the text.</param>
    /// <param name="mimeType">What the text is: "text/plain", "text/html", "image/svg+xml", ….</param>
    public static void Register<T>(Action<T, TextWriter> format, string mimeType = "text/plain")
    {
        ArgumentNullException.ThrowIfNull(format);
        Register<T>(
            value =>
            {
                using var writer = new StringWriter(CultureInfo.InvariantCulture);
                format(value, writer);
                return writer.ToString();
            },
            mimeType);
    }

    /// <summary>Forgets what was registered and set.</summary>
    public static void ResetToDefault()
    {
        lock (Gate) Entries.Clear();
        _listExpansionLimit = 20;
    }

    /// <summary>What is registered for a value: for each mime type the formatter of the type that is nearest to the value's.</summary>
    internal static IEnumerable<(string Mime, string Text)> Of(object value)
    {
        Entry[] fitting;
        lock (Gate) fitting = [.. Entries.Where(entry => entry.Type.IsInstanceOfType(value))];
        return fitting.GroupBy(entry => entry.Mime).Select(group => (group.Key, group.MinBy(entry => Distance(value.GetType(), entry.Type))!.Format(value)));
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
