using System.CommandLine;
using System.Globalization;
using DistractedDriver.Features;

namespace Workbook;

/// <summary>features: what frozen layers have computed and is kept between runs.</summary>
internal static class FeaturesCommand
{
    public static Command Create()
    {
        var clear = new Option<bool>("--clear") { Description = "Delete them." };
        var command = new Command("features", "Lists the features of frozen layers that are kept between runs.") { clear };
        command.SetAction(arguments => Run(arguments.GetValue(clear)));
        return command;
    }

    private static int Run(bool clear)
    {
        if (FeatureFolder.FromEnvironment() is not { } folder)
        {
            Console.WriteLine("Features are not kept between runs: DISTRACTED_DRIVER_FEATURES is \"off\".");
            return 0;
        }
        if (clear)
        {
            Console.WriteLine($"{Megabytes(folder.Clear())} of features deleted in {folder.Path}");
            return 0;
        }
        var kept = folder.List();
        Console.WriteLine($"{Megabytes(kept.Sum(features => features.Size))} of at most {Megabytes(folder.Limit)} in {folder.Path}");
        foreach (var features in kept)
            Console.WriteLine($"{Megabytes(features.Size),10}  {features.Samples,7} samples  used "
                + $"{features.Used.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}  {features.Description}");
        return 0;
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture) + " MB";
}
