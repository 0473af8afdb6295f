namespace Workbook;

/// <summary>The checkout's folder of notebooks, found from wherever the program is started.</summary>
internal static class NotebookFolder
{
    /// <summary>The files that names stand for; all notebooks where there are no names.</summary>
    /// <param name="names">Files, or names in the folder notebooks: whole, without the ending, or as far as the number.</param>
    /// <exception cref="FileNotFoundException">A name stands for no notebook, or for several.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> names)
    {
        var all = All();
        if (names.Count == 0)
            return all.Length > 0
                ? all
                : throw new FileNotFoundException(
                    $"There is no folder notebooks with notebooks in or above {Environment.CurrentDirectory}; name the files to run.");
        return [.. names.Select(name => File.Exists(name) ? Path.GetFullPath(name) : Named(name, all))];
    }

    private static string Named(string name, string[] all)
    {
        string[] found = [.. all.Where(file =>
            Path.GetFileName(file) == name || Path.GetFileNameWithoutExtension(file) == name
                || Path.GetFileName(file).StartsWith($"{name}-", StringComparison.Ordinal))];
        if (found.Length == 1) return found[0];
        var available = all.Length > 0
            ? $"the notebooks are: {string.Join(", ", all.Select(Path.GetFileNameWithoutExtension))}"
            : "there is no folder notebooks above it";
        throw new FileNotFoundException(
            $"'{name}' is {(found.Length == 0 ? "no notebook" : "the name of several notebooks")} (seen from "
                + $"{Environment.CurrentDirectory}); {available}.");
    }

    private static string[] All()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var notebooks = Path.Combine(folder.FullName, "notebooks");
            if (Directory.Exists(notebooks)) return [.. Directory.GetFiles(notebooks, "*.ipynb").Order(StringComparer.Ordinal)];
        }
        return [];
    }
}
