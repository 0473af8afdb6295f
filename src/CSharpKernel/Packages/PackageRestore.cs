using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CSharpKernel.Packages;

// Packages: what #r names - assemblies of the process, files, packages that the SDK restores.

/// <summary>
/// Restores packages by the SDK itself (<c>dotnet restore</c> of a project made for the session), so that a user's own NuGet
/// settings hold: those of the notebook's folder and above, then the user's. Later packages are restored together with the
/// earlier ones, so that they agree on what they share.
/// </summary>
internal sealed partial class PackageRestore(string folder) : IDisposable
{
    private readonly List<Package> _packages = [];
    private readonly List<string> _sources = [];
    private readonly Dictionary<string, string> _natives = new(StringComparer.Ordinal);
    private readonly string _project = Path.Combine(Path.GetTempPath(), $"csharp-packages-{Guid.NewGuid():N}");
    private bool _resolvesNatives;

    /// <summary>Looks for packages at another source too, as <c>#i "nuget: …"</c> asks.</summary>
    public void AddSource(string source) => _sources.Add(source);

    public bool Has(Package package) => _packages.Contains(package);

    /// <summary>Restores packages with all they depend on.</summary>
    /// <returns>For each library, what to compile against and what to load; the names and versions of those asked for.</returns>
    /// <exception cref="PackageException">They can't be restored; the message is the SDK's.</exception>
    public (IReadOnlyList<(string Compile, string? Runtime)> Files,
        IReadOnlyList<string> Installed) Restore(IReadOnlyList<Package> packages)
    {
        // The newest word about a package counts.
        Package[] all = [.. _packages.Where(earlier => !packages.Any(package => Same(package.Name, earlier.Name))), .. packages];
        Write(all);
        Run();
        _packages.Clear();
        _packages.AddRange(all);
        return Read(packages);
    }

    public void Dispose()
    {
        if (_resolvesNatives) AssemblyLoadContext.Default.ResolvingUnmanagedDll -= Native;
        if (Directory.Exists(_project)) Directory.Delete(_project, recursive: true);
    }

    private static bool Same(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private void Write(IEnumerable<Package> packages)
    {
        Directory.CreateDirectory(_project);
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", $"net{Environment.Version.Major}.{Environment.Version.Minor}"),
                new XElement("RuntimeIdentifier", "$(NETCoreSdkPortableRuntimeIdentifier)"),
                new XElement("SelfContained", "false"),
                new XElement("UseAppHost", "false"),
                new XElement("ManagePackageVersionsCentrally", "false"),
                new XElement("RestoreRootConfigDirectory", folder),
                new XElement("RestoreAdditionalProjectSources", string.Join(';', _sources)),
                new XElement("NuGetAudit", "false")),
            new XElement("ItemGroup",
                packages.Select(package =>
                    new XElement("PackageReference", new XAttribute("Include", package.Name),
                        new XAttribute("Version", package.Version ?? "*")))));
        File.WriteAllText(Path.Combine(_project, "packages.csproj"), project.ToString());
        // What lies above the temporary folder is none of this project's business.
        foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" }) File.WriteAllText(
            Path.Combine(_project, file), "<Project />");
    }

    private void Run()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        foreach (var argument in new[] { "restore", "packages.csproj", "--nologo", "-v", "quiet" }) start.ArgumentList.Add(argument);
        // A build that this process was started by speaks to its children through these.
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray()) start.Environment.Remove(variable);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new PackageException(
                $"Packages are restored by the .NET SDK, whose command 'dotnet' is not on the PATH: {error.Message}");
        }
        using (process)
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            try
            {
                process.WaitForExit();
            }
            catch (ThreadInterruptedException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
            if (process.ExitCode != 0) throw new PackageException(Explained(output.Result + errors.Result));
        }
    }

    // "…/packages.csproj : error NU1101: Unable to find package …": the project is nothing that a user knows of.
    private static string Explained(string output)
    {
        string[] errors = [.. output.Split('\n').Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
            .Select(line => ErrorPrefix().Replace(line.Trim(), "")).Distinct()];
        return errors.Length > 0 ? string.Join('\n', errors) : $"dotnet restore failed: {output.Trim()}";
    }

    private (IReadOnlyList<(string Compile, string? Runtime)> Files, IReadOnlyList<string> Installed) Read(IReadOnlyList<Package> packages)
    {
        var assets = JsonNode.Parse(File.ReadAllText(Path.Combine(_project, "obj", "project.assets.json")))!;
        string[] roots = [.. assets["packageFolders"]!.AsObject().Select(found => found.Key)];
        var files = new List<(string, string?)>();
        var installed = new List<string>();
        // The one with a runtime identifier ("net10.0/linux-x64") names what runs on this machine.
        var target = assets["targets"]!.AsObject().OrderByDescending(found => found.Key.Contains('/', StringComparison.Ordinal)).First()
            .Value!.AsObject();
        foreach (var (library, content) in target)
        {
            var (name, version) = (library.Split('/')[0], library.Split('/')[1]);
            if (packages.Any(package => Same(package.Name, name))) installed.Add($"{name} {version}");
            var path = (string)assets["libraries"]![library]!["path"]!;
            var runtime = Files("runtime").ToDictionary(file => Path.GetFileName(file), StringComparer.OrdinalIgnoreCase);
            foreach (var compile in Files("compile")) files.Add((compile, runtime.GetValueOrDefault(Path.GetFileName(compile))));
            foreach (var file in runtime.Values.ExceptBy(Files("compile").Select(Path.GetFileName), Path.GetFileName,
                StringComparer.OrdinalIgnoreCase)) files.Add((file, file));
            foreach (var file in Files("native")) _natives[Path.GetFileName(file)] = file;

            IEnumerable<string> Files(string kind) =>
                (content![kind]?.AsObject() ?? []).Select(file => file.Key).Where(file => !file.EndsWith("_._", StringComparison.Ordinal))
                .Select(file => roots.Select(root => Path.Combine(root, path, file)).First(File.Exists));
        }
        if (_natives.Count > 0 && !_resolvesNatives)
        {
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Native;
            _resolvesNatives = true;
        }
        return (files, installed);
    }

    private nint Native(Assembly assembly, string name)
    {
        var found = new[] { name, $"lib{name}.so", $"{name}.so", $"lib{name}.dylib", $"{name}.dylib", $"{name}.dll" }.Select(file =>
            _natives.GetValueOrDefault(file)).FirstOrDefault(file => file is not null);
        return found is not null && NativeLibrary.TryLoad(found, out var library) ? library : 0;
    }

    [GeneratedRegex(@"^.*?(?=error\s)")]
    private static partial Regex ErrorPrefix();
}
