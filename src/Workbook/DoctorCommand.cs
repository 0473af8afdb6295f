using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using CSharpKernel.Install;
using DistractedDriver;
using DistractedDriver.Applications;
using TorchSharp;

namespace Workbook;

/// <summary>doctor: what the machine has of all that the notebooks can use, and how to get what is missing.</summary>
internal static class DoctorCommand
{
    private const double LeastMemory = 3;
    private const int OldestSdk = 10;

    private enum Verdict
    {
        Fine,
        Optional,
        Missing,
    }

    public static Command Create()
    {
        var command = new Command("doctor",
            "Says what is missing on this machine and how to get it. Exit code 1 where something is that the notebooks can't do without.");
        command.SetAction(_ => Examine());
        return command;
    }

    private static int Examine()
    {
        var torch = Torch();
        Finding[] findings = [Sdk(), torch, Memory(), Graphics(usable: torch.Verdict == Verdict.Fine), Weights(), Kernel(), Jupyter()];
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Verdict switch { Verdict.Fine => "ok     ", Verdict.Optional => "-      ", _ => "MISSING" }}  "
                + $"{finding.Thing,-14}  {finding.Found}");
            if (finding.Remedy is not null) Console.WriteLine($"                         {finding.Remedy}");
        }
        return findings.Any(finding => finding.Verdict == Verdict.Missing) ? 1 : 0;
    }

    private static Finding Sdk()
    {
        const string remedy = "Install the .NET 10 SDK and have its dotnet on the PATH.";
        if (Answer("dotnet", "--version") is not { } version) return new(Verdict.Missing, ".NET SDK",
            "the command dotnet knows no SDK; it builds the project and restores the packages of #r \"nuget: …\"", remedy);
        return int.TryParse(version.Split('.')[0], out var major) && major >= OldestSdk
            ? new(Verdict.Fine, ".NET SDK", version)
            : new(Verdict.Missing, ".NET SDK", $"{version} is too old", remedy);
    }

    private static Finding Torch()
    {
        try
        {
            // The library makes LibTorch ready for this system; TorchSharp alone does not.
            RuntimeHelpers.RunModuleConstructor(typeof(Config).Module.ModuleHandle);
            using var scope = torch.NewDisposeScope();
            var sum = torch.ones(2, 2).matmul(torch.ones(2, 2)).sum().item<float>();
            return sum == 8
                ? new(Verdict.Fine, "LibTorch", $"{torch.__version__}, computes on {Environment.ProcessorCount} cores")
                : new(Verdict.Missing, "LibTorch", $"computes wrongly: 8 expected, {sum} received",
                    "Clean the build (dotnet clean -c Release) and build it again.");
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or NotSupportedException)
        {
            return new(Verdict.Missing, "LibTorch", $"does not load: {(error.InnerException ?? error).Message.Split('\n')[0]}",
                "See environment/README.md for the platforms; dotnet build -c Release restores its package.");
        }
    }

    private static Finding Memory()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return memory >= LeastMemory
            ? new(Verdict.Fine, "memory", $"{memory:F1} GB")
            : new(Verdict.Optional, "memory", $"{memory:F1} GB: VGG16 in batches of 16 takes about 2.2 GB",
                "Use smaller batches: … run 07 -p batchSize=4.");
    }

    private static Finding Graphics(bool usable)
    {
        string[] cards = usable ? [.. Config.ListPhysicalDevices("GPU").Select(device => device.Name)] : [];
        if (cards.Length > 0) return new(Verdict.Fine, "graphics card", string.Join(", ", cards));
        return Answer("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader") is { } driver
            ? new(Verdict.Optional, "graphics card", $"{driver.ReplaceLineEndings(", ")}, which this build does not use",
                "Build with LibTorch for the card: dotnet build -c Release -p:LibTorch=cuda-linux.")
            : new(Verdict.Optional, "graphics card", "no NVIDIA driver answers (nvidia-smi); models compute on the processor",
                "For a card: install NVIDIA's driver, then dotnet build -c Release -p:LibTorch=cuda-linux.");
    }

    private static Finding Weights() => VGG16.OfficialWeightsProblem is { } problem
        ? new(Verdict.Optional, "VGG16 weights", $"Keras's own file in ~/.keras/models {problem}; the copy rounded to float16 stands in",
            "Delete it: the file is fetched anew when VGG16 is next made with a connection.")
        : VGG16.HasOfficialWeights
        ? new(Verdict.Fine, "VGG16 weights", "Keras's own file")
        : new(Verdict.Optional, "VGG16 weights", "Keras's own file is not there; the copy rounded to float16 stands in",
            "It is fetched when VGG16 is first made with a connection; or put it into ~/.keras/models.");

    private static Finding Kernel()
    {
        const string remedy = "dotnet run -c Release --project src/Workbook -- install";
        if (KernelSpec.Command(KernelSpec.UserFolder) is not { } command) return new(Verdict.Optional, "Jupyter kernel",
            "not listed for this user; notebooks run headlessly only", remedy);
        return command.FirstOrDefault(part => Path.IsPathRooted(part) && !File.Exists(part)) is { } gone
            ? new(Verdict.Optional, "Jupyter kernel", $"listed, but {gone} is no longer there", remedy)
            : new(Verdict.Fine, "Jupyter kernel", $"listed in {KernelSpec.UserFolder}");
    }

    private static Finding Jupyter() => Answer("jupyter", "--version") is { } versions
        ? new(Verdict.Fine, "Jupyter",
            versions.Split('\n').FirstOrDefault(line =>
                line.Contains("jupyter_client", StringComparison.Ordinal) || line.Contains("notebook", StringComparison.Ordinal))?.Trim()
                    ?? "found")
        : new(Verdict.Optional, "Jupyter", "not on the PATH",
            "Nothing here needs it: VS Code's Jupyter extension runs the kernel by itself, and 'run' runs notebooks without either.");

    // What a command prints, or null where it is not there or fails.
    private static string? Answer(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return null;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            _ = errors.Result;
            return process.ExitCode == 0 && output.Length > 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed record Finding(Verdict Verdict, string Thing, string Found, string? Remedy = null);
}
