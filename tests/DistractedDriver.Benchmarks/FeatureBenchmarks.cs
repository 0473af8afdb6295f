namespace DistractedDriver.Benchmarks;

/// <summary>A process that trains as the tutorial does, with features in files: its memory, and its speed once they are there.</summary>
internal static class FeatureBenchmarks
{
    private const int Epochs = 31;

    // How often libgomp looks for work before a thread sleeps, where nothing else is said (its manual, GOMP_SPINCOUNT).
    private const string LibraryDefault = "300000";
    private const double Allowed = 1.5e9;

    /// <param name="report">The table.</param>
    /// <param name="folder">Where there is room for files.</param>
    /// <param name="data">The images.</param>
    /// <param name="count">How many files to make of them, each with bytes of its own after the image's end; 0 to take them as they are.</param>
    public static void Run(Results report, string folder, SampleDataset data, int count)
    {
        var images = Path.GetDirectoryName(data.Train)!;
        if (count > 0) images = Multiply(images, Path.Combine(folder, "multiplied"), count);
        var files = Directory.EnumerateFiles(images, "*.jpg", SearchOption.AllDirectories).Count();
        (double[] Seconds, double[] Peaks) Train(params (string, string)[] variables)
        {
            var numbers = Worker.Ask([("DISTRACTED_DRIVER_FEATURES", Path.Combine(folder, "kept")), .. variables], "--train", images, $"{Epochs}");
            return ([.. numbers.Where((_, i) => i % 2 == 0)], [.. numbers.Where((_, i) => i % 2 == 1)]);
        }
        var peaks = Train().Peaks;
        report.Add($"peak resident memory, {files:N0} images, first epoch", Megabytes(peaks[0]), $"{Megabytes(Allowed)} allowed", peaks[0] / Allowed, "≤ 1.0");
        report.Add($"the same after {Epochs} epochs", Megabytes(peaks[^1]), $"{Megabytes(peaks[0])} first epoch", peaks[^1] / peaks[0], "≤ 1.05");

        // The first epoch compiles, too.
        var (ours, spinning) = (new Timing(Train().Seconds[1..]), new Timing(Train(("GOMP_SPINCOUNT", LibraryDefault)).Seconds[1..]));
        report.Add("an epoch on kept features, an image; LibTorch's threads spinning", Results.Milliseconds(ours, files), Results.Milliseconds(spinning, files), spinning.Median / ours.Median, "");
    }

    private static string Megabytes(double bytes) => $"{bytes / 1e6:F0} MB";

    private static string Multiply(string images, string folder, int count)
    {
        string[] files = [.. Directory.GetFiles(images, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        for (var i = 0; i < count; i++)
        {
            var target = Path.Combine(folder, Path.GetRelativePath(images, files[i % files.Length]));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(Path.ChangeExtension(target, $"{i}.jpg"), [.. File.ReadAllBytes(files[i % files.Length]), .. BitConverter.GetBytes(i)]);
        }
        return folder;
    }
}
