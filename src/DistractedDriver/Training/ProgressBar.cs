using System.Diagnostics;
using System.Globalization;
using System.Text;
using DistractedDriver.Core;
using DistractedDriver.Files;

namespace DistractedDriver.Training;

/// <summary>
/// The line that Keras shows for an epoch: a bar, the time left, the values so far. Where the output goes to a person it
/// moves; where it goes to a file only its last state is written.
/// </summary>
internal sealed class ProgressBar(int steps, int verbose, bool interactive, TextWriter output)
{
    private const int Width = 30;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _firstStep;
    private TimeSpan? _shown;
    private int _longest;

    /// <summary>A bar where the text of the library goes.</summary>
    /// <param name="steps">How many steps there will be.</param>
    /// <param name="verbose">0 silent, 1 a bar, 2 one line at the end, null for a bar.</param>
    public static ProgressBar Start(int steps, int? verbose) => new(steps, verbose ?? 1, TextOutput.IsInteractive, TextOutput.Writer);

    /// <summary>Shows that <paramref name="done"/> steps are over.</summary>
    public void Update(int done, IEnumerable<KeyValuePair<string, double>> values)
    {
        if (done == 1) _firstStep = _watch.Elapsed;
        if (verbose != 1 || !interactive || done >= steps
            || (_shown is { } shown && _watch.Elapsed - shown < TimeSpan.FromMilliseconds(50))) return;
        _shown = _watch.Elapsed;
        var filled = Math.Max(0, Width * done / steps - 1);
        var bar = $"{new string('=', filled)}>{new string('.', Width - filled - 1)}";
        Write($"{Count(done)} [{bar}] - ETA: {Clock(TimePerStep(done) * (steps - done))}{Values(values)}", end: false);
    }

    /// <summary>Shows the finished line.</summary>
    public void Finish(IReadOnlyDictionary<string, double> values)
    {
        var seconds = $"{_watch.Elapsed.TotalSeconds:F0}s";
        var perStep = Duration(TimePerStep(steps), "step");
        if (verbose == 1)
            Write($"{Count(steps)} [{new string('=', Width)}] - {seconds} {perStep}{Values(values)}", end: true);
        else if (verbose == 2)
            Write($"{Count(steps)} - {seconds}{Values(values)} - {Duration(_watch.Elapsed, "epoch")} - {perStep}", end: true);
    }

    private string Count(int done)
    {
        var all = steps.ToString(CultureInfo.InvariantCulture);
        return $"{done.ToString(CultureInfo.InvariantCulture).PadLeft(all.Length)}/{all}";
    }

    // Keras leaves the first step out of the average, since it includes what is made once.
    private TimeSpan TimePerStep(int done) => done > 1 ? (_watch.Elapsed - _firstStep) / (done - 1) : _watch.Elapsed / Math.Max(1, done);

    private void Write(string line, bool end)
    {
        var text = new StringBuilder();
        if (interactive && verbose == 1) text.Append('\r');
        text.Append(line.PadRight(interactive && verbose == 1 ? _longest : 0));
        _longest = Math.Max(_longest, line.Length);
        if (end) text.Append('\n');
        output.Write(text.ToString());
        output.Flush();
    }

    private static string Values(IEnumerable<KeyValuePair<string, double>> values) =>
        string.Concat(values.Select(item =>
            $" - {item.Key}: {(Math.Abs(item.Value) > 1e-3
                ? PythonFormat.Fixed(item.Value, 4)
                : PythonFormat.Exponential(item.Value, 4))}"));

    private static string Clock(TimeSpan time) =>
        time.TotalHours > 1
            ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
            : time.TotalMinutes > 1
            ? $"{time:m\\:ss}"
            : $"{time.TotalSeconds:F0}s";

    private static string Duration(TimeSpan time, string unit) => time.TotalSeconds switch
    {
        >= 1 => $"{time.TotalSeconds:F0}s/{unit}",
        >= 1e-3 => $"{time.TotalMilliseconds:F0}ms/{unit}",
        _ => $"{time.TotalMicroseconds:F0}us/{unit}",
    };
}
