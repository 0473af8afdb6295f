using System.Diagnostics;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Datasets;
using DistractedDriver.Features;
using DistractedDriver.Training;

namespace Benchmarks;

/// <summary>The tutorial's thirty epochs, against as many passes through the whole network.</summary>
internal static class TrainingBenchmarks
{
    private const int Epochs = 30, Rounds = 3;

    public static void Run(Results report, SampleDataset data)
    {
        double Fit(int epochs, bool cached, out History history)
        {
            Keras.SetRandomSeed(1);
            using var tutorial = new Tutorial(Path.GetDirectoryName(data.Train)!);
            var start = Stopwatch.GetTimestamp();
            history = new Trainer(tutorial.Model).Fit(new FitRequest(tutorial.Train)
            {
                Validation = tutorial.Val,
                Epochs = epochs,
                Verbose = 0,
                Features = cached ? new FeatureStore(1 << 30) : null,
                ShuffleBatches = true,
            });
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        var (all, pass) = (new double[Rounds], new double[Rounds]);
        History kept = null!, naive = null!;
        for (var round = 0; round < Rounds; round++)
        {
            pass[round] = Fit(1, cached: false, out _);
            all[round] = Fit(Epochs, cached: true, out kept);
        }
        Fit(3, cached: false, out naive);
        var difference = naive.Names.SelectMany(name => naive[name].Zip(kept[name], (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))))
            .Max();
        var (thirty, one) = (new Timing(all), new Timing(pass));
        report.Add($"{Epochs} epochs on frozen layers, in passes over the images", $"{thirty.Median:F1} s ± {thirty.Spread:P0}",
            $"{one.Median:F1} s ± {one.Spread:P0} one pass", thirty.Median / one.Median, "≤ 1.15");
        report.Add("their history, largest difference from the naive one's", $"{difference:E1}", "0 naive, 3 epochs", difference,
            "≤ 1E-05");
    }
}
