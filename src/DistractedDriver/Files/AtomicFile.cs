namespace DistractedDriver.Files;

/// <summary>Files that are written beside their place and moved there: whoever reads sees the old content or the new one, whole.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file; what was there is replaced once the new content is whole. What fails leaves nothing behind.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="what">What is written, for the message: "The model".</param>
    /// <param name="write">Writes the content to the path given to it.</param>
    /// <exception cref="IOException">The file can't be written; the message names it.</exception>
    public static void Write(string path, string what, Action<string> write)
    {
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Replace(path, write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{what} can't be written to {path}: {error.Message} Give a file in a folder that you may write to.",
                error);
        }
    }

    /// <summary>The same with the system's own errors, in a folder that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content to the path given to it.</param>
    public static void Replace(string path, Action<string> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }
}
