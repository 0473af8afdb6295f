using System.IO.Compression;
using CSharpKernel.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelTests;

/// <summary>Packages from a source that is a folder, with NuGet settings of its own.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");
    private readonly Recorder _output = new();
    private readonly CodeSession _session;
    private readonly string _name = $"Greeting{Guid.NewGuid():N}";

    public PackageTests()
    {
        var source = _folder.CreateSubdirectory("source").FullName;
        Pack(source, _name, "1.0.0", "public static class Greeter { public static string Greet() => new Words().Hello; }",
            $"{_name}.Words");
        Pack(source, $"{_name}.Words", "2.1.0", "public class Words { public string Hello => \"hello\"; }", null);
        File.WriteAllText(Path.Combine(_folder.FullName, "NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder.FullName, "installed")}" /></config>
              <packageSources><clear /><add key="folder" value="{source}" /></packageSources>
            </configuration>
            """);
        _session = new CodeSession(_folder.FullName);
    }

    [Fact]
    public void APackage_ComesWithWhatItDependsOnByTheFoldersSettings()
    {
        Assert.Null(_session.Execute($"#r \"nuget: {_name}, 1.0.0\"\nGreeter.Greet() + new Words().Hello.Length", _output));
        Assert.Equal("hello5", _output.LastPlain);
        Assert.Contains(_output.Shown, shown => (string?)shown["text/plain"] == $"Installed {_name} 1.0.0.");
        Assert.Null(_session.Execute("Greeter.Greet()", _output));
        Assert.Equal("hello", _output.LastPlain);
    }

    [Fact]
    public void WithoutAVersion_TheNewestIsTaken()
    {
        Assert.Null(_session.Execute($"#r \"nuget:{_name}.Words\"\nnew Words().Hello", _output));
        Assert.Contains(_output.Shown, shown => (string?)shown["text/plain"] == $"Installed {_name}.Words 2.1.0.");
    }

    [Fact]
    public void APackageThatIsNotThere_IsNamed()
    {
        var error = _session.Execute("#r \"nuget: NoSuchPackage, 1.0.0\"", _output);
        Assert.Equal("PackageError", error!.Name);
        Assert.Contains("NoSuchPackage", error.Message);
        Assert.DoesNotContain("packages.csproj", error.Message);
        Assert.Equal("Not installed: NoSuchPackage 1.0.0.", _output.LastPlain);
        Assert.Null(_session.Execute("1", _output));
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Pack(string source, string name, string version, string code, string? dependency)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        MetadataReference[] references = [
            .. new[] { "System.Private.CoreLib.dll", "System.Runtime.dll" }.Select(file =>
                MetadataReference.CreateFromFile(Path.Combine(framework, file)))];
        var words = CSharpSyntaxTree.ParseText("public class Words { public string Hello => \"hello\"; }",
            cancellationToken: TestContext.Current.CancellationToken);
        if (dependency is not null) references = [.. references,
            CSharpCompilation.Create(dependency, [words], references, new(OutputKind.DynamicallyLinkedLibrary)).ToMetadataReference()];
        using var package = ZipFile.Open(Path.Combine(source, $"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var library = new MemoryStream())
        {
            var emitted = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)], references,
                new(OutputKind.DynamicallyLinkedLibrary)).Emit(library);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
            using var entry = package.CreateEntry($"lib/net8.0/{name}.dll").Open();
            entry.Write(library.ToArray());
        }
        using var description = new StreamWriter(package.CreateEntry($"{name}.nuspec").Open());
        description.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
            <id>{name}</id><version>{version}</version><authors>tests</authors><description>made by a test</description>
            <dependencies><group targetFramework="net8.0">
            {(dependency is null ? "" : $"<dependency id=\"{dependency}\" version=\"2.0.0\" />")}
            </group></dependencies>
            </metadata></package>
            """);
    }
}
