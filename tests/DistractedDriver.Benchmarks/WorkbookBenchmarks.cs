using System.Diagnostics;

namespace Benchmarks;

/// <summary>All notebooks, run twice: the second time the frozen layers' features are there.</summary>
internal static class WorkbookBenchmarks
{
    public static void Run(Results report, string folder)
    {
        double Once()
        {
            var start = new ProcessStartInfo("dotnet",
                [Programs.Workbook, "run", "--output", Path.Combine(folder, "notebooks")])
            { RedirectStandardOutput = true };
            start.Environment["DISTRACTED_DRIVER_FEATURES"] = Path.Combine(folder, "features");
            var begin = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? Stopwatch.GetElapsedTime(begin).TotalSeconds
                : throw new InvalidOperationException($"The notebooks do not run:\n{text}");
        }
        var (first, second) = (Once(), Once());
        report.Add("all notebooks run again, features kept", $"{second:F1} s", $"{first:F1} s first run", second / first, "≤ 0.25");
    }
}
