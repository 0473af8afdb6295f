using System.Globalization;
using DistractedDriver;
using DistractedDriver.Benchmarks;

// Measures the library beside others that do the same work, all in one run, since only ratios within a run mean anything.
// The table goes to the console and, with every figure, to artifacts/benchmarks.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", "off");
var output = Console.Out;
Console.SetOut(TextWriter.Null);
var folder = Directory.CreateTempSubdirectory("benchmarks-").FullName;
try
{
    var report = new Results(output);
    var data = SampleDataset.Create(Path.Combine(folder, "sample"), drivers: 6);
    using var peers = new Peers(folder, data.Train);
    ConvolutionBenchmarks.Run(report, peers, folder);
    PipelineBenchmarks.Run(report, peers, data);
    TrainingBenchmarks.Run(report, data);
    report.Write(Path.Combine("artifacts", "benchmarks"));
}
finally
{
    Directory.Delete(folder, recursive: true);
}
