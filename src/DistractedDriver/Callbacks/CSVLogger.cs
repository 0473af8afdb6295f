using System.Globalization;
using System.Text;
using DistractedDriver.Files;

namespace DistractedDriver.Callbacks;

/// <summary>
/// Writes one line an epoch to a CSV file, as Keras does: the epoch first, then the values in the order of their names,
/// numbers as Python prints them, lines ended by CR LF; NA where an epoch has no value. Every epoch's line is on disk as soon as the
/// epoch is over.
/// </summary>
public sealed class CSVLogger : Callback
{
    private readonly string _filename;
    private readonly string _separator;
    private readonly bool _append;
    private string[]? _columns;
    private bool _isChecked;
    private bool _completes;

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
    /// <exception cref="InvalidDataException">The file to append to has other columns, or is no text in UTF-8.</exception>
    public override void OnTrainBegin()
    {
        // A logger used for two trainings goes on after the first, as Keras's does when it appends.
        (_columns, _completes) = (null, false);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_filename)!);
            // Whether it can be written is known before the first epoch; what is there stays until that is over.
            var exists = File.Exists(_filename);
            using (new FileStream(_filename, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }
            if (!exists) File.Delete(_filename);
            else if (_append && new FileInfo(_filename).Length > 0) Continue();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"CSVLogger can't write to {_filename}: {error.Message} Give a file in a folder that you may write to.",
                error);
        }
        if (_columns is not null && LoggedNames is { } logged) Require(logged);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file to append to has other columns.</exception>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var (text, isFirst) = ("", _columns is null);
        if (_columns is null)
        {
            _columns = [.. logs.Keys.Order(StringComparer.Ordinal)];
            // As Keras: the first epoch may be one that is not validated, where others are.
            if (!_columns.Any(name => name.StartsWith("val_", StringComparison.Ordinal)))
                _columns = [.. _columns, .. _columns.Select(name => $"val_{name}")];
            text = Line(_columns.Prepend("epoch"));
        }
        else if (!_isChecked)
        {
            Require(logs.Keys);
        }
        _isChecked = true;
        if (_completes) text = "\r\n" + text;
        _completes = false;
        var values = _columns.Select(name => logs.TryGetValue(name, out var value) ? PythonFloat.Repr(value) : "NA");
        text += Line(values.Prepend(epoch.ToString(CultureInfo.InvariantCulture)));
        if (isFirst && !_append) File.WriteAllText(_filename, text);
        else File.AppendAllText(_filename, text);
    }

    // The columns of the file that is there; whether its last line has an end.
    private void Continue()
    {
        var text = "";
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(_filename)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"CSVLogger can't append to {_filename}: it is no text in UTF-8. Give another file name, or "
                + "append: false.", error);
        }
        var end = text.IndexOfAny(['\r', '\n']);
        string[] fields = [.. (end < 0 ? text : text[..end]).Split(_separator).Select(field => field.Trim('"'))];
        if (fields[0] != "epoch")
            throw new InvalidDataException($"CSVLogger can't append to {_filename}: its first line does not name columns, 'epoch' first, "
                + $"with '{_separator}' between them, but is '{string.Join(_separator, fields)}'. Give another file name, or "
                + "append: false.");
        _columns = fields[1..];
        _completes = text[^1] is not ('\r' or '\n');
        _isChecked = false;
    }

    private void Require(IEnumerable<string> logged)
    {
        string[] missing = [.. logged.Except(_columns!).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw new InvalidDataException(
                $"CSVLogger can't append to {_filename}: its columns are epoch, {string.Join(", ", _columns!)}, and this training logs "
                    + $"{string.Join(", ", missing)} as well. Give another file name, or append: false.");
    }

    private string Line(IEnumerable<string> fields) => string.Join(_separator, fields) + "\r\n";
}
