namespace DistractedDriver.Files;

/// <summary>Folders that the library fills: there whole, with a note of what they hold, or not at all.</summary>
internal static class NewFolder
{
    private const string Note = "made-by-distracted-driver.txt";

    /// <summary>Makes a folder, unless it is there with the same content.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="content">What it holds, in words; the same words stand for the same content.</param>
    /// <param name="fill">Fills the folder given to it, which is moved into place afterwards.</param>
    /// <exception cref="IOException">There is something else in the folder, or it can't be written.</exception>
    public static void Make(string folder, string content, Action<string> fill)
    {
        if (Holds(folder, content)) return;
        var unfinished = $"{Path.TrimEndingDirectorySeparator(folder)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Directory.CreateDirectory(unfinished);
            fill(unfinished);
            File.WriteAllText(Path.Combine(unfinished, Note), content);
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Holds(folder, content))
        {
            // Another process has been quicker.
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    private static bool Holds(string folder, string content)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return false;
        var note = Path.Combine(folder, Note);
        var found = File.Exists(note) ? File.ReadAllText(note) : null;
        if (found == content) return true;
        throw new IOException(
            $"{folder} exists and holds something else{(found is null ? "" : $" ({found.Trim()})")}; expected: {content.Trim()} Give "
                + "another folder, or remove this one.");
    }
}
