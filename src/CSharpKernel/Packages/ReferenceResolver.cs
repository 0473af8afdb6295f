using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using CSharpKernel.Language;
using CSharpKernel.Output;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace CSharpKernel.Packages;

/// <summary>Finds what <c>#r</c> names: an assembly that the process has already, else a file, else a package.</summary>
internal sealed class ReferenceResolver(string folder, InteractiveAssemblyLoader loader) : MetadataReferenceResolver, IDisposable
{
    private readonly PackageRestore _packages = new(folder);

    // One for each file: the compiler keeps every one that it is given, for each cell anew.
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);

    public override bool ResolveMissingAssemblies => true;

    /// <summary>
    /// What a cell's <c>#r</c> lines bring besides the assemblies that they name: those that these are built on and that lie
    /// beside them, and all that packages contain, so that a cell may use their types too.
    /// </summary>
    /// <exception cref="PackageException">A package can't be restored.</exception>
    public IReadOnlyList<MetadataReference> ReferencesOf(string code, ICellOutput output)
    {
        if (!code.Contains("#r", StringComparison.Ordinal)) return [];
        string[] named = [.. CSharpSyntaxTree.ParseText(code, ScriptDocument.Script).GetRoot().DescendantNodes(descendIntoTrivia: true)
            .OfType<ReferenceDirectiveTriviaSyntax>().Select(directive => directive.File.ValueText)];
        var beside = named.Select(Find).OfType<Assembly>()
            .SelectMany(assembly =>
                assembly.GetReferencedAssemblies()
                    .Select(needed => Path.Combine(Path.GetDirectoryName(assembly.Location)!, needed.Name + ".dll")))
            .Where(File.Exists).Distinct().Select(file => Reference(Assembly.LoadFrom(file)));
        Package[] packages = [.. named.Select(Package.Parse).OfType<Package>().Where(package => !_packages.Has(package)).Distinct()];
        return [.. beside, .. packages.Length > 0 ? Restored(packages, output) : []];
    }

    /// <summary>Looks for packages at another source too.</summary>
    public void AddSource(string source) => _packages.AddSource(source);

    /// <summary>The one reference that stands for a file.</summary>
    public PortableExecutableReference Of(string file) => _references.GetOrAdd(file, _ => MetadataReference.CreateFromFile(file));

    // A package's own assemblies are given to the compiler by ReferencesOf.
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath,
        MetadataReferenceProperties properties) =>
        Find(reference) is { } assembly
            ? [Reference(assembly)]
            : Package.Parse(reference) is { } package && _packages.Has(package)
            ? [Of(typeof(object).Assembly.Location)]
            : [];

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        Loaded(referenceIdentity.Name) is { } assembly ? Of(assembly.Location) : null;

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => folder.GetHashCode(StringComparison.Ordinal);

    public void Dispose() => _packages.Dispose();

    private PortableExecutableReference Reference(Assembly assembly)
    {
        loader.RegisterDependency(assembly);
        return Of(assembly.Location);
    }

    private List<MetadataReference> Restored(Package[] packages, ICellOutput output)
    {
        var progress = Guid.NewGuid().ToString("N");
        output.Display(new() { ["text/plain"] = $"Installing {string.Join(", ", packages.Select(package => package.ToString()))} …" },
            progress);
        var references = new List<MetadataReference>();
        var notes = new List<string>();
        try
        {
            var (files, installed) = _packages.Restore(packages);
            notes.Add($"Installed {string.Join(", ", installed)}.");
            foreach (var (compile, runtime) in files)
            {
                if (runtime is not null && Load(runtime, notes) is { } loaded) references.Add(compile == runtime
                    || loaded.Location != runtime ? Reference(loaded) : Of(compile));
                else references.Add(Of(compile));
            }
            return references;
        }
        catch (PackageException)
        {
            notes.Add($"Not installed: {string.Join(", ", packages.Select(package => package.ToString()))}.");
            throw;
        }
        finally
        {
            output.Update(new() { ["text/plain"] = string.Join('\n', notes) }, progress);
        }
    }

    // A process can have only one version of an assembly; where it has one, that is used, and it is said.
    private static Assembly? Load(string file, List<string> notes)
    {
        AssemblyName wanted;
        try
        {
            wanted = AssemblyName.GetAssemblyName(file);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
        if (Loaded(wanted.Name!) is not { } loaded) return Assembly.LoadFrom(file);
        if (loaded.GetName().Version is { } version && version != wanted.Version && loaded.Location != file)
            notes.Add($"{wanted.Name} {version} of this kernel is used in place of the package's {wanted.Version}.");
        return loaded;
    }

    private Assembly? Find(string reference)
    {
        var isFile = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        if (Loaded(isFile ? Path.GetFileNameWithoutExtension(reference) : reference) is { } assembly) return assembly;
        var path = Path.GetFullPath(reference, folder);
        return isFile && File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }

    private static Assembly? Loaded(string name)
    {
        try
        {
            return Assembly.Load(new AssemblyName(name)) is { Location.Length: > 0 } assembly ? assembly : null;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
