namespace DistractedDriver.Core;

/// <summary>
/// Where the library's own text goes: progress, what was found, what stands in for something else. It is the host's to choose; the
/// console as it is at the time of writing by default.
/// </summary>
internal static class TextOutput
{
    private static TextWriter? _writer;
    private static bool? _isInteractive;

    /// <summary>Where text goes.</summary>
    public static TextWriter Writer => _writer ?? Console.Out;

    /// <summary>Whether a person looks on, so that lines may be rewritten.</summary>
    public static bool IsInteractive => _isInteractive ?? !Console.IsOutputRedirected;

    /// <summary>Chooses both; null leaves the choice to the console.</summary>
    public static void Set(TextWriter? writer, bool? isInteractive) => (_writer, _isInteractive) = (writer, isInteractive);

    /// <summary>Writes a line.</summary>
    public static void WriteLine(string line) => Writer.WriteLine(line);
}
