using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Benchmarks;

/// <summary>Python's libraries, asked through the script peers.py; each only where it is installed.</summary>
internal sealed class Peers : IDisposable
{
    private readonly Process? _process;

    /// <summary>The system's own Python, which its packages belong to.</summary>
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <param name="folder">Where there is room for files.</param>
    /// <param name="images">A folder of images, one subfolder a class.</param>
    public Peers(string folder, string images)
    {
        var start = new ProcessStartInfo(Python,
            [Path.Combine(AppContext.BaseDirectory, "peers.py"), images])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder
        };
        try
        {
            _process = Process.Start(start);
            _process!.ErrorDataReceived += (_, _) => { };
            _process.BeginErrorReadLine();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No Python: the peers that need it are left out, and the table says so.
        }
    }

    /// <summary>How long something takes there, or null where its libraries are not installed.</summary>
    /// <param name="what">A function of peers.py.</param>
    /// <param name="rounds">How often it is measured, besides once before.</param>
    public (Timing Timing, string Library)? Measure(string what, int rounds)
    {
        if (_process is null or { HasExited: true }) return null;
        _process.StandardInput.WriteLine($"{what} {rounds}");
        _process.StandardInput.Flush();
        if (_process.StandardOutput.ReadLine() is not { } answer || JsonNode.Parse(answer) is not JsonObject found
            || found["seconds"] is not JsonArray seconds) return null;
        return (new Timing([.. seconds.Select(value => (double)value!)]), (string)found["library"]!);
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.StandardInput.Close();
        _process?.WaitForExit(5000);
        _process?.Dispose();
    }
}
