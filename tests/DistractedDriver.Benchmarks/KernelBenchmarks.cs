using System.Diagnostics;
using System.Text.Json.Nodes;
using KernelTests;

namespace Benchmarks;

/// <summary>The notebook kernel beside Python's, asked over the same sockets.</summary>
internal static class KernelBenchmarks
{
    private const int Starts = 3, Requests = 21;

    public static void Run(Results report, Peers peers)
    {
        var ours = Measure("dotnet", [Programs.Workbook, "kernel", "-f"], "Conso");
        var version = peers.Measure("kernel", 0)?.Library;
        var theirs = version is null ? null : Measure(Peers.Python, ["-m", "ipykernel_launcher", "-f"], "impor");
        var names = new[] { ("kernel, from its start to a cell's result", "≤ 1500 ms"), ("kernel, a trivial cell", "≤ 20 ms"),
            ("kernel, a completion", "≤ 100 ms") };
        for (var i = 0; i < names.Length; i++)
            report.Add(names[i].Item1, Results.Milliseconds(ours[i], 1), theirs is null
                ? null
                : $"{Results.Milliseconds(theirs[i], 1)} {version}", theirs?[i].Median / ours[i].Median, names[i].Item2);
    }

    private static Timing[] Measure(string program, string[] arguments, string begun)
    {
        var (first, cells, completions) = (new double[Starts], new List<double>(), new List<double>());
        for (var i = 0; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var frontEnd = new FrontEnd(
                file =>
                {
                    using var kernel = Process.Start(
                        new ProcessStartInfo(program, [.. arguments, file])
                        {
                            RedirectStandardOutput = true,
                            RedirectStandardError = true
                        })!;
                    kernel.OutputDataReceived += (_, _) => { };
                    kernel.ErrorDataReceived += (_, _) => { };
                    kernel.BeginOutputReadLine();
                    kernel.BeginErrorReadLine();
                    kernel.WaitForExit();
                },
                listens: false);
            double Time(string type, JsonObject content)
            {
                var begin = Stopwatch.GetTimestamp();
                frontEnd.Send(type, content);
                if ((string?)frontEnd.Reply()["status"] != "ok") throw new InvalidOperationException(
                    $"{program} does not answer {type} as it should.");
                return Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
            // ipykernel wants all of a request's fields.
            double Execute() => Time("execute_request",
                new()
                {
                    ["code"] = "1 + 1",
                    ["silent"] = false,
                    ["store_history"] = true,
                    ["user_expressions"] = new JsonObject(),
                    ["allow_stdin"] = false
                });
            Execute();
            first[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            for (var request = -1; request < Requests; request++)
            {
                var (executed, completed) = (Execute(),
                    Time("complete_request", new() { ["code"] = begun, ["cursor_pos"] = begun.Length }));
                // The first ones compile.
                if (request < 0) continue;
                cells.Add(executed);
                completions.Add(completed);
            }
        }
        return [new(first), new([.. cells]), new([.. completions])];
    }
}
