using System.CommandLine;
using System.Diagnostics;
using CSharpKernel;

namespace Workbook;

/// <summary>run: executes notebooks and writes them with their outputs.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebooks") { Description = "The notebook files to run, in order; all of the checkout's folder notebooks where none is named." };
        var output = new Option<string>("--output") { Description = "The folder for the executed notebooks.", DefaultValueFactory = _ => Path.Combine("artifacts", "notebooks") };
        var inPlace = new Option<bool>("--in-place") { Description = "Write the outputs into the notebooks themselves." };
        var command = new Command("run", "Runs notebooks from top to bottom.") { notebooks, output, inPlace };
        command.SetAction(arguments => Run(arguments.GetValue(notebooks)!, arguments.GetValue(inPlace) ? null : arguments.GetValue(output)));
        return command;
    }

    // 0: all ran; 1: a cell failed; 2: a notebook could not be read.
    private static int Run(string[] paths, string? output)
    {
        if (paths.Length == 0) paths = All();
        if (paths.Length == 0)
        {
            Console.Error.WriteLine($"There is no folder notebooks with notebooks in or above {Environment.CurrentDirectory}; name the files to run.");
            return 2;
        }
        foreach (var path in paths)
        {
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"There is no notebook {path} (seen from {Environment.CurrentDirectory}).");
                return 2;
            }
        }
        try
        {
            return paths.Select(path => RunOne(path, output)).FirstOrDefault(code => code != 0);
        }
        catch (InvalidDataException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
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

    private static int RunOne(string path, string? output)
    {
        var target = Path.GetFullPath(output is null ? path : Path.Combine(output, Path.GetFileName(path)));
        var notebook = Notebook.Read(path);
        var watch = Stopwatch.StartNew();
        var failure = NotebookRunner.Run(notebook, (cell, cells, time) => Console.WriteLine($"{Path.GetFileName(path)}: cell {cell}/{cells}, {time.TotalSeconds:F1} s"));
        notebook.Write(target);
        Console.WriteLine($"{Path.GetFileName(path)}: {watch.Elapsed.TotalSeconds:F1} s, written to {target}");
        if (failure is null) return 0;
        Console.Error.WriteLine($"{path}, cell {failure.Cell}{(failure.Error.Line > 0 ? $", line {failure.Error.Line}" : "")}: {failure.Error.Name}: {failure.Error.Message}");
        return 1;
    }
}
