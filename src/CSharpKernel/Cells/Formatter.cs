using System.Globalization;

namespace CSharpKernel.Cells;

/// <summary>How values of a type are shown in this session, where a notebook wants them otherwise than they are by themselves.</summary>
public static class Formatter
{
    /// <summary>How many items of a sequence, and how many columns of a table, are shown; 20 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static int ListExpansionLimit
    {
        get => RunningCell.Current.Formatters.ListExpansionLimit;
        set => RunningCell.Current.Formatters.ListExpansionLimit = value;
    }

    /// <summary>Has values of a type, and of types derived from it, shown as a function says; the one registered last counts.</summary>
    /// <typeparam name="T">The type: a class, an interface or a struct.</typeparam>
    /// <param name="format">Gives the text.</param>
    /// <param name="mimeType">What the text is: "text/plain", "text/html", "image/svg+xml", ….</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Register<T>(Func<T, string> format, string mimeType = "text/plain")
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        RunningCell.Current.Formatters.Register(typeof(T), mimeType, value => format((T)value));
    }

    /// <summary>Has values of a type, and of types derived from it, shown as a function writes; the one registered last counts.</summary>
    /// <typeparam name="T">The type: a class, an interface or a struct.</typeparam>
    /// <param name="format">Writes the text.</param>
    /// <param name="mimeType">What the text is: "text/plain", "text/html", "image/svg+xml", ….</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
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

    /// <summary>Forgets what was registered and set in this session.</summary>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void ResetToDefault() => RunningCell.Current.Formatters.ResetToDefault();
}
