using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Benchmarks;

/// <summary>How long something took, in seconds, over several rounds.</summary>
internal sealed record Timing(double[] Seconds)
{
    public double Median => Sorted[Seconds.Length / 2];

    /// <summary>Half of what lies between the fastest and the slowest round, as a share of the median.</summary>
    public double Spread => (Sorted[^1] - Sorted[0]) / 2 / Median;

    private double[] Sorted => [.. Seconds.Order()];

    /// <summary>Measures several things round by round, so that all of them see the machine in the same moods.</summary>
    /// <param name="rounds">How often each; one round before them is not counted.</param>
    /// <param name="work">The things.</param>
    public static Timing[] Measure(int rounds, params Action[] work)
    {
        var seconds = work.Select(_ => new double[rounds]).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < work.Length; i++)
            {
                // Threads of the thing before may wait for more work for a while, and take a processor for that.
                Thread.Sleep(100);
                var start = Stopwatch.GetTimestamp();
                work[i]();
                if (round >= 0) seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
        return [.. seconds.Select(times => new Timing(times))];
    }
}

/// <summary>The table of ratios.</summary>
internal sealed class Results(TextWriter output)
{
    private readonly JsonArray _rows = [];
    private readonly StringBuilder _table = new("| measure | ours | beside | ratio | goal |\n|---|---|---|---|---|\n");

    /// <summary>Adds a line: how many times faster than a peer, or how much of something else.</summary>
    /// <param name="measure">What was measured.</param>
    /// <param name="ours">Our figure with its unit.</param>
    /// <param name="beside">The other figure, and whose it is; null where there is no peer on this machine.</param>
    /// <param name="ratio">How they compare.</param>
    /// <param name="goal">What it should be, "≥ 1.5" or "≤ 1.15"; empty where there is no goal.</param>
    public void Add(string measure, string ours, string? beside, double? ratio, string goal)
    {
        var shown = ratio is { } value ? $"{value:F2}" : "–";
        _table.Append($"| {measure} | {ours} | {beside ?? "not on this machine"} | {shown} | {goal} |\n");
        _rows.Add((JsonNode)new JsonObject
        {
            ["measure"] = measure,
            ["ours"] = ours,
            ["beside"] = beside,
            ["ratio"] = ratio,
            ["goal"] = goal
        });
        output.WriteLine($"{measure,-62} {ours,-26} {beside ?? "not on this machine",-44} {shown,6}  {goal}");
    }

    /// <summary>A time an item with its spread: "31.2 ms ± 2 %".</summary>
    public static string Milliseconds(Timing timing, int items) => $"{timing.Median / items * 1e3:F2} ms ± {timing.Spread:P0}";

    /// <summary>Writes the table as Markdown and as JSON.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var machine = $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, "
            + $"LibTorch {TorchSharp.torch.__version__}";
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd");
        File.WriteAllText(Path.Combine(folder, "benchmarks.md"), $"{date}, {machine}\n\n{_table}");
        var json = new JsonObject { ["date"] = date, ["machine"] = machine, ["rows"] = _rows };
        File.WriteAllText(Path.Combine(folder, "benchmarks.json"),
            json.ToJsonString(new JsonSerializerOptions
            {
                WriteIndented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
            }) + "\n");
        output.WriteLine($"\n{machine}\nWritten to {Path.GetFullPath(folder)}");
    }

    private static string Processor() =>
        OperatingSystem.IsLinux()
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
        ? line.Split(':')[1].Trim()
        : RuntimeInformation.ProcessArchitecture.ToString();
}
