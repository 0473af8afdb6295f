using System.CommandLine;
using CSharpKernel.Export;
using CSharpKernel.Notebooks;

namespace Workbook;

/// <summary>html: notebooks as web pages.</summary>
internal static class HtmlCommand
{
    public static Command Create()
    {
        var notebooks = new Argument<string[]>(
            "notebooks")
        {
            Description = "The notebooks, in the order in which they are to be read: files, or names in the folder "
                + "notebooks. All of that folder where none is named."
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder for the pages.",
            DefaultValueFactory = _ =>
            Path.Combine("artifacts", "html")
        };
        var title = new Option<string>("--title")
        {
            Description = "What the index is headed by.",
            DefaultValueFactory = _ =>
            "Transfer learning in C#"
        };
        var command = new Command("html",
            "Writes notebooks, with the outputs that they have, as web pages that need nothing else.") { notebooks, output, title };
        command.SetAction(arguments => Write(arguments.GetValue(notebooks)!, arguments.GetValue(output)!, arguments.GetValue(title)!));
        return command;
    }

    private static int Write(string[] names, string folder, string title)
    {
        try
        {
            var pages = CoursePages.Write([.. NotebookFolder.Find(names).Select(Notebook.Read)], folder, title, PlotlyScript());
            Console.WriteLine($"{pages.Count - 1} pages written; open {Path.GetFullPath(pages[0])}");
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }

    // Plotly.NET carries the script that draws its charts.
    private static string PlotlyScript()
    {
        var assembly = typeof(Plotly.NET.GenericChart).Assembly;
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
