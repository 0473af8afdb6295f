using DistractedDriver.Files;

namespace DistractedDriver.Callbacks;

/// <summary>
/// Writes one line an epoch to a CSV file, as Keras does: the epoch first, then the values in the order of their names,
/// numbers as Python prints them, lines ended by CR LF. Every epoch's line is on disk as soon as the epoch is over.
/// </summary>
public sealed class CSVLogger : Callback
{
    private readonly string _filename;
    private readonly string _separator;
    private readonly bool _append;
    private string[]? _columns;
    private bool _started;

    /// <param name="filename">The file; relative to the working directory, which for a notebook is its own folder.</param>
    /// <param name="separator">What stands between values.</param>
    /// <param name="append">
    /// Whether to go on in an existing file rather than begin it anew; its header line then stays the only one.
    /// </param>
    /// <exception cref="ArgumentException">The file name is empty.</exception>
    public CSVLogger(string filename, string separator = ",", bool append = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filename);
        ArgumentException.ThrowIfNullOrEmpty(separator);
        (_filename, _separator, _append) = (Path.GetFullPath(filename), separator, append);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnTrainBegin()
    {
        // A logger used for two trainings goes on after the first, as Keras's does when it appends.
        _columns = null;
        _started = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_filename)!);
            using var file = new FileStream(_filename, _append ? FileMode.Append : FileMode.Create);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"CSVLogger can't write to {_filename}: {error.Message} Give a file in a folder that you may write to.",
                error);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file to append to has other columns.</exception>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        _columns ??= [.. logs.Keys.Order(StringComparer.Ordinal)];
        if (!_started) Begin();
        _started = true;
        var values = _columns.Select(name => logs.TryGetValue(name, out var value) ? PythonFloat.Repr(value) : "NA");
        File.AppendAllText(_filename, Line(values.Prepend(epoch.ToString())));
    }

    private void Begin()
    {
        var header = Line(_columns!.Prepend("epoch"));
        var existing = File.ReadLines(_filename).FirstOrDefault();
        if (existing is null)
            File.AppendAllText(_filename, header);
        else if (existing != header.TrimEnd())
            throw new InvalidDataException(
                $"CSVLogger can't append to {_filename}: its columns are '{existing}', this training's are '{header.TrimEnd()}'. Give "
                    + "another file name, or append: false.");
    }

    private string Line(IEnumerable<string> fields) => string.Join(_separator, fields) + "\r\n";
}
