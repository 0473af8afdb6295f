using DistractedDriver.Datasets;

namespace Benchmarks;

/// <summary>The resident memory of a process that trains as the tutorial does, with features in files.</summary>
internal static class FeatureBenchmarks
{
    private const int Epochs = 31;
    private const double Allowed = 1.5e9;

    /// <param name="report">The table.</param>
    /// <param name="folder">Where there is room for files.</param>
    /// <param name="data">The images.</param>
    /// <param name="count">
    /// How many files to make of them, each with bytes of its own after the image's end; 0 to take them as they are.
    /// </param>
    public static void Run(Results report, string folder, SampleDataset data, int count)
    {
        var images = Path.GetDirectoryName(data.Train)!;
        if (count > 0) images = Multiply(images, Path.Combine(folder, "multiplied"), count);
        var files = Directory.EnumerateFiles(images, "*.jpg", SearchOption.AllDirectories).Count();
        var peaks = Worker.Ask([("DISTRACTED_DRIVER_FEATURES", Path.Combine(folder, "kept"))], "--train", images, $"{Epochs}");
        report.Add($"peak resident memory, {files:N0} images, first epoch", Megabytes(peaks[0]), $"{Megabytes(Allowed)} allowed",
            peaks[0] / Allowed, "≤ 1.0");
        report.Add($"the same after {Epochs} epochs", Megabytes(peaks[^1]), $"{Megabytes(peaks[0])} first epoch", peaks[^1] / peaks[0],
            "≤ 1.05");
    }

    private static string Megabytes(double bytes) => $"{bytes / 1e6:F0} MB";

    private static string Multiply(string images, string folder, int count)
    {
        string[] files = [.. Directory.GetFiles(images, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        for (var i = 0; i < count; i++)
        {
            var target = Path.Combine(folder, Path.GetRelativePath(images, files[i % files.Length]));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(Path.ChangeExtension(target, $"{i}.jpg"),
                [.. File.ReadAllBytes(files[i % files.Length]), .. BitConverter.GetBytes(i)]);
        }
        return folder;
    }
}
