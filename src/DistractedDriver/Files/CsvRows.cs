using CsvHelper;

namespace DistractedDriver.Files;

/// <summary>A CSV file's rows, by the names of its first line.</summary>
internal static class CsvRows
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no CSV file with a line of names.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no CSV file {path} (seen from {Environment.CurrentDirectory}).",
            path);
        try
        {
            using var reader = CsvReader.FromFile(path);
            var rows = new List<IReadOnlyDictionary<string, string>>();
            while (reader.Read())
            {
                if (reader.FieldCount != reader.Headers.Count)
                    throw new InvalidDataException(
                        $"{path}: line {reader.LineNumber} has {reader.FieldCount} values for {reader.Headers.Count} columns.");
                rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(column => reader.Headers[column], reader.GetString));
            }
            return rows;
        }
        catch (Exception error) when (
            error is CsvFormatException or CsvValidationException or ArgumentException or InvalidOperationException
                or IndexOutOfRangeException)
        {
            throw new InvalidDataException(
                $"{path} can't be read as CSV whose first line names the columns: {error.Message.Split('\n')[0].Trim()}", error);
        }
    }
}
