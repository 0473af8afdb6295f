using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Models;
using TorchSharp;

namespace Benchmarks;

/// <summary>What is measured in a process of its own: this program, started once more.</summary>
internal static class Worker
{
    private const int Batch = 16, Rounds = 7;

    /// <summary>Does a worker's job if that is what the arguments ask for.</summary>
    public static bool Takes(string[] args)
    {
        Action? job = args switch
        {
            ["--convolve", var workingSet] => () => Convolve(long.Parse(workingSet, CultureInfo.InvariantCulture)),
            ["--train", var images, var epochs] => () => Train(images, int.Parse(epochs, CultureInfo.InvariantCulture)),
            _ => null,
        };
        if (job is null) return false;
        AsACell(job);
        return true;
    }

    /// <summary>
    /// Runs something on another thread than the first, whose memory the C library treats differently, as a notebook's cells are run.
    /// </summary>
    public static void AsACell(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Starts a worker and gives the numbers it writes.</summary>
    /// <param name="variables">Environment variables for it.</param>
    /// <param name="args">Its job.</param>
    public static double[] Ask(IEnumerable<(string Name, string Value)> variables, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, .. args]) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. lines.Where(line => line.StartsWith('>')).Select(line => double.Parse(line[1..], CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{string.Join(' ', args)} ended with {process.ExitCode}.");
    }

    // VGG16's convolutions, a batch: writes seconds.
    private static void Convolve(long workingSet)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        using var vgg16 = Applications.VGG16(includeTop: false, weights: null, inputShape: (224, 224, 3));
        var images = torch.rand([Batch, 224, 224, 3]);
        var plan = new ForwardPlan(vgg16.Input, vgg16.Outputs, workingSet);
        foreach (var seconds in Timing.Measure(Rounds, () => plan.Run(images, new CallContext(training: false))[0].Dispose())[0]
            .Seconds) Write(seconds);
    }

    // The tutorial's training: writes the process's largest resident memory, in bytes, after each epoch.
    private static void Train(string images, int epochs)
    {
        Keras.SetRandomSeed(1);
        using var tutorial = new Tutorial(images);
        tutorial.Model.Fit(tutorial.Train, tutorial.Val, epochs, verbose: 0, callbacks: [new LambdaCallback(onEpochEnd: (_, _) =>
        {
            using var process = Process.GetCurrentProcess();
            Write(process.PeakWorkingSet64);
        })]);
    }

    private static void Write(double value) => Console.WriteLine($">{value:R}");
}
