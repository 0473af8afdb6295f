using System.Globalization;
using Benchmarks;
using DistractedDriver.Datasets;

// Measures the library beside others that do the same work, all in one run, since only ratios within a run mean anything.
// The table goes to the console and, with every figure, to artifacts/benchmarks. Arguments choose parts of it by name; a
// number among them is how many images features are kept of.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Worker.Takes(args)) return 0;
var parts = new[] { "convolutions", "pipeline", "training", "features", "kernel", "workbook" };
var numbers = args.Where(argument => int.TryParse(argument, out _)).ToArray();
string[] wanted = [.. args.Except(numbers)];
if (wanted.FirstOrDefault(name => !parts.Contains(name)) is { } unknown)
{
    Console.Error.WriteLine(
        $"The parts are {string.Join(", ", parts)}, all of them if none is named; a number is how many images features are kept of. "
            + $"Received: '{unknown}'.");
    return 2;
}
bool Wants(string part) => wanted.Length == 0 || wanted.Contains(part);

Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", "off");
var output = Console.Out;
Console.SetOut(TextWriter.Null);
var folder = Directory.CreateTempSubdirectory("benchmarks-").FullName;
try
{
    var report = new Results(output);
    var data = SampleDataset.Create(Path.Combine(folder, "sample"), drivers: 6);
    using var peers = new Peers(folder, data.Train);
    Worker.AsACell(() =>
    {
        if (Wants("convolutions")) ConvolutionBenchmarks.Run(report, peers, folder);
        if (Wants("pipeline")) PipelineBenchmarks.Run(report, peers, data);
        if (Wants("training")) TrainingBenchmarks.Run(report, data);
        if (Wants("features")) FeatureBenchmarks.Run(report, folder, data, numbers.Select(int.Parse).FirstOrDefault());
        if (Wants("kernel")) KernelBenchmarks.Run(report, peers);
        if (Wants("workbook")) WorkbookBenchmarks.Run(report, folder);
    });
    report.Write(Path.Combine("artifacts", "benchmarks"));
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
