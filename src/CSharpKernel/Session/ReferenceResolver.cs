using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace CSharpKernel;

/// <summary>Finds what <c>#r</c> names: an assembly that the process has already, else a file.</summary>
internal sealed class ReferenceResolver(string folder, InteractiveAssemblyLoader loader) : MetadataReferenceResolver
{
    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);

    // One for each file: the compiler keeps every one that it is given, for each cell anew.
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);

    public override bool ResolveMissingAssemblies => true;

    /// <summary>
    /// The assemblies that those named by a cell's <c>#r</c> lines are built on and that lie beside them, so that a cell may use
    /// their types too.
    /// </summary>
    public IReadOnlyList<MetadataReference> Companions(string code) =>
    [
        .. CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<ReferenceDirectiveTriviaSyntax>()
            .Select(directive => Find(directive.File.ValueText)).OfType<Assembly>()
            .SelectMany(assembly => assembly.GetReferencedAssemblies().Select(needed => Path.Combine(Path.GetDirectoryName(assembly.Location)!, needed.Name + ".dll")))
            .Where(File.Exists).Distinct().Select(file => Reference(Assembly.LoadFrom(file))),
    ];

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Find(reference) is { } assembly ? [Reference(assembly)] : [];

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        Loaded(referenceIdentity.Name) is { } assembly ? Of(assembly) : null;

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => folder.GetHashCode(StringComparison.Ordinal);

    private PortableExecutableReference Reference(Assembly assembly)
    {
        loader.RegisterDependency(assembly);
        return Of(assembly);
    }

    private PortableExecutableReference Of(Assembly assembly) => _references.GetOrAdd(assembly.Location, file => MetadataReference.CreateFromFile(file));

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
