using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Files;

namespace CSharpKernel.Install;

// Install: what makes Jupyter and VS Code list the kernel - a folder with kernel.json and two logos.

/// <summary>The kernel's entry among those that Jupyter knows (https://jupyter-client.readthedocs.io/en/stable/kernels.html).</summary>
public static class KernelSpec
{
    private const string Name = "csharp";
    private const string FileName = "kernel.json";
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>Where a user's kernels are listed: JUPYTER_DATA_DIR where it is set, else the system's usual place.</summary>
    public static string UserFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var data = Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } set ? set

                    : OperatingSystem.IsWindows()
                    ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
                : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg
                    ? xdg
                    : Path.Combine(home, ".local", "share"), "jupyter");
            return Path.Combine(data, "kernels", Name);
        }
    }

    /// <summary>Where kernels of an installation are listed: of a Python environment, or of a machine (/usr/local).</summary>
    /// <param name="prefix">The installation's folder.</param>
    public static string PrefixFolder(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", "kernels", Name);

    /// <summary>Writes the entry; one that was there is replaced.</summary>
    /// <param name="folder"><see cref="UserFolder"/> or <see cref="PrefixFolder"/>.</param>
    /// <param name="command">What starts the kernel, without its connection file.</param>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static void Install(string folder, IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Directory.CreateDirectory(folder);
        foreach (var logo in new[] { "logo-32x32.png", "logo-64x64.png" })
        {
            using var content = typeof(KernelSpec).Assembly.GetManifestResourceStream(logo)!;
            AtomicFile.Write(Path.Combine(folder, logo), content.CopyTo);
        }
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. command.Select(part => (JsonNode)part), "--connection-file", "{connection_file}"]),
            ["display_name"] = "C#",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
        AtomicFile.WriteText(Path.Combine(folder, FileName), spec.ToJsonString(Indented) + "\n");
    }

    /// <summary>What an entry starts the kernel by.</summary>
    /// <param name="folder">Where it was written.</param>
    /// <returns>The command and its arguments, or null where there is no entry.</returns>
    public static IReadOnlyList<string>? Command(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return null;
        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(file))?["argv"]?.AsArray().Select(part => (string?)part ?? "") ?? []];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Takes the entry away.</summary>
    /// <param name="folder">Where it was written.</param>
    /// <returns>Whether it was there.</returns>
    public static bool Uninstall(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName))) return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }
}
