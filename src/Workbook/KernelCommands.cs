using System.CommandLine;
using System.Runtime.InteropServices;
using CSharpKernel.Dispatch;
using CSharpKernel.Install;
using DistractedDriver;

namespace Workbook;

/// <summary>kernel, install, uninstall: what Jupyter and VS Code need to run cells one by one.</summary>
internal static class KernelCommands
{
    public static IEnumerable<Command> Create()
    {
        var connectionFile = new Option<string>("--connection-file",
            "-f")
        { Description = "The file in which the front end says where it listens.", Required = true };
        var kernel = new Command("kernel", "Serves a Jupyter front end, which starts this command itself.") { connectionFile };
        kernel.SetAction(arguments => Serve(arguments.GetValue(connectionFile)!));

        var user = new Option<bool>("--user") { Description = "For you alone; so it is where nothing else is said." };
        var prefix = new Option<string>(
            "--prefix")
        { Description = "For an installation: the folder of a Python environment, or /usr/local." };
        var install = new Command("install", "Makes Jupyter and VS Code list the kernel.") { user, prefix };
        install.SetAction(arguments => Install(arguments.GetValue(prefix)));
        var uninstall = new Command("uninstall", "Takes the kernel from their lists.") { user, prefix };
        uninstall.SetAction(arguments => Uninstall(arguments.GetValue(prefix)));
        return [kernel, install, uninstall];
    }

    private static int Serve(string connectionFile)
    {
        Config.SetOutput(interactive: true);
        try
        {
            using var kernel = new Kernel(connectionFile, Environment.CurrentDirectory);
            kernel.Run();
            return 0;
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidDataException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }

    private static int Install(string? prefix) => Try(() =>
    {
        var folder = Folder(prefix);
        KernelSpec.Install(folder, [Dotnet(), typeof(KernelCommands).Assembly.Location, "kernel"]);
        Console.WriteLine($"The kernel 'C#' is listed in {folder}. Choose it in Jupyter or VS Code; a list that is open already has to be "
            + "loaded anew.");
    });

    private static int Uninstall(string? prefix) => Try(() =>
    {
        var folder = Folder(prefix);
        Console.WriteLine(KernelSpec.Uninstall(folder)
            ? $"The kernel 'C#' is no longer listed in {folder}."
            : $"The kernel 'C#' is not listed in {folder}.");
    });

    private static int Try(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{error.Message} Use --user, or --prefix with a folder that you may write to.");
            return 2;
        }
    }

    private static string Folder(string? prefix) => prefix is null ? KernelSpec.UserFolder : KernelSpec.PrefixFolder(prefix);

    // The dotnet that runs this, wherever it lies: …/shared/Microsoft.NETCore.App/10.0.0/.
    private static string Dotnet()
    {
        var beside = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows()
                ? "dotnet.exe"
                : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }
}
