using System.CommandLine;
using DistractedDriver.Datasets;

namespace Workbook;

/// <summary>sample: the drawn dataset, before a notebook asks for it.</summary>
internal static class SampleCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "The dataset's folder.",
            DefaultValueFactory = _ =>
            Path.Combine("data", "sample")
        };
        var command = new Command("sample", "Draws the sample dataset that the notebooks use, unless it is there already.") { output };
        command.SetAction(arguments => Draw(arguments.GetValue(output)!));
        return command;
    }

    private static int Draw(string folder)
    {
        try
        {
            Console.WriteLine($"The sample dataset is in {Path.GetFullPath(SampleDataset.Create(folder).Folder)}");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }
}
