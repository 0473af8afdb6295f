using System.CommandLine;
using System.Diagnostics;
using CSharpKernel.Notebooks;

namespace Workbook;

/// <summary>run: executes notebooks and writes them with their outputs.</summary>
internal static class RunCommand
{
    private const int SlowestShown = 8;

    public static Command Create()
    {
        var notebooks = new Argument<string[]>(
            "notebooks")
        {
            Description = "The notebooks to run, in order: files, or names in the folder notebooks such as 07 or "
                + "07-training. All of that folder where none is named."
        };
        var parameters = new Option<string[]>("-p",
            "--parameter")
        {
            Description = "name=value: replaces what a notebook's cell tagged parameters declares. May be given "
                + "repeatedly."
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder for the executed notebooks.",
            DefaultValueFactory = _ =>
            Path.Combine("artifacts", "notebooks")
        };
        var inPlace = new Option<bool>("--in-place") { Description = "Write the outputs into the notebooks themselves." };
        var command = new Command("run", "Runs notebooks from top to bottom.") { notebooks, parameters, output, inPlace };
        command.SetAction(arguments =>
            Run(arguments.GetValue(notebooks)!, arguments.GetValue(parameters) ?? [], arguments.GetValue(inPlace)
                ? null
                : arguments.GetValue(output)));
        return command;
    }

    // 0: all ran; 1: a cell failed; 2: the notebooks or parameters asked for are not to be had, and nothing ran.
    private static int Run(string[] names, string[] parameters, string? output)
    {
        Notebook[] notebooks;
        try
        {
            notebooks = [.. NotebookFolder.Find(names).Select(Notebook.Read)];
            Inject(notebooks, parameters);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException or ArgumentException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
        var cells = new List<(string Notebook, CellProgress Cell)>();
        var watch = Stopwatch.StartNew();
        var code = notebooks.Select(notebook => RunOne(notebook, output, cells)).FirstOrDefault(code => code != 0);
        Report(cells, watch.Elapsed);
        return code;
    }

    // A parameter goes to each notebook that declares it.
    private static void Inject(Notebook[] notebooks, string[] parameters)
    {
        var values = parameters.Select(parameter => parameter.Split('=', 2)).ToArray();
        if (values.FirstOrDefault(pair => pair.Length < 2 || pair[0].Length == 0) is { } wrong)
            throw new ArgumentException($"A parameter is given as name=value. Received: '{string.Join('=', wrong)}'.");
        var known = notebooks.Select(NotebookParameters.Names).ToArray();
        if (values.FirstOrDefault(pair => !known.Any(names => names.Contains(pair[0]))) is { } unknown)
            throw new ArgumentException(
                $"No notebook that is to run has a parameter '{unknown[0]}'. "
                    + string.Join(" ", notebooks.Select((notebook, i) => $"{Path.GetFileName(notebook.Path)}: {Listed(known[i])}.")));
        for (var i = 0; i < notebooks.Length; i++)
            NotebookParameters.Inject(notebooks[i],
                values.Where(pair => known[i].Contains(pair[0])).GroupBy(pair => pair[0])
                    .ToDictionary(group => group.Key, group => group.Last()[1]));
    }

    private static int RunOne(Notebook notebook, string? output, List<(string Notebook, CellProgress Cell)> cells)
    {
        var name = Path.GetFileName(notebook.Path);
        var target = output is null ? notebook.Path : Path.GetFullPath(Path.Combine(output, name));
        var failure = NotebookRunner.Run(notebook, cell =>
        {
            var line = $"{name}  [{cell.Cell}/{cell.Cells}]  {Short(cell.Title)}";
            if (cell.Time is { } time)
            {
                cells.Add((name, cell));
                Console.WriteLine($"{(Console.IsOutputRedirected ? "" : "\r")}{line}  {time.TotalSeconds:F1} s");
            }
            else if (!Console.IsOutputRedirected)
            {
                Console.Write($"{line} …");
            }
        });
        notebook.Write(target);
        if (failure is not null)
            Console.Error.WriteLine(
                $"{name}, cell {failure.Cell}{(failure.Error.Line > 0 ? $", line {failure.Error.Line}" : "")}: {failure.Error.Name}: "
                    + $"{failure.Error.Message}{Environment.NewLine}What it gave until then is in {target}");
        else
            Console.WriteLine($"{name}  written to {target}");
        return failure is null ? 0 : 1;
    }

    private static void Report(List<(string Notebook, CellProgress Cell)> cells, TimeSpan total)
    {
        Console.WriteLine();
        Console.WriteLine($"Where the {total.TotalSeconds:F0} s went:");
        foreach (var notebook in cells.GroupBy(cell => cell.Notebook))
            Console.WriteLine($"{notebook.Sum(cell => cell.Cell.Time!.Value.TotalSeconds),8:F1} s  {notebook.Key}");
        Console.WriteLine("The slowest cells:");
        foreach (var (notebook, cell) in cells.OrderByDescending(cell => cell.Cell.Time).Take(SlowestShown))
            Console.WriteLine($"{cell.Time!.Value.TotalSeconds,8:F1} s  {notebook} [{cell.Cell}]  {Short(cell.Title)}");
    }

    private static string Short(string title) => title.Length > 60 ? title[..59] + "…" : title;

    private static string Listed(IReadOnlyCollection<string> names) => names.Count > 0 ? string.Join(", ", names) : "none";
}
