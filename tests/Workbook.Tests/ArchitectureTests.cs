using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WorkbookTests;

/// <summary>README's tables of what each folder may use are held against the code: its types, members and constants.</summary>
public sealed class ArchitectureTests
{
    // What a project's implicit usings add to each file.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using "
            + "System.Net.Http; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    public static TheoryData<string> Projects() => ["DistractedDriver", "CSharpKernel"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void EveryFolder_StandsInTheTableAndUsesOnlyWhatTheTableAllows(string project)
    {
        var (table, uses) = (Table(project), Uses(project));
        Assert.Equal(Folders(project).Order(), table.Keys.Order());
        string[] violations =
        [
            .. uses.Where(use => use.From != use.To && !Reachable(table, use.From).Contains(use.To))
                .Select(use => $"{use.From} uses {use.To}: {use.Where}").Distinct().Order(),
        ];
        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void TheTable_HasNoCycle(string project)
    {
        var table = Table(project);
        Assert.DoesNotContain(table.Keys, folder => Reachable(table, folder).Contains(folder));
    }

    [Theory]
    [InlineData("DistractedDriver", "CSharpKernel")]
    [InlineData("CSharpKernel", "DistractedDriver")]
    public void LibraryAndKernel_DoNotKnowEachOther(string project, string other)
    {
        Assert.DoesNotContain(other,
            File.ReadAllText(Path.Combine(Checkout.Folder, $"src/{project}/{project}.csproj")).Split("InternalsVisibleTo")[0],
            StringComparison.Ordinal);
        Assert.DoesNotContain(Sources(project), source => source.Text.Contains($"using {other}", StringComparison.Ordinal));
    }

    [Fact]
    public void ChartsAndTables_AreDrawnInReportsAndEvaluationAlone()
    {
        string[] drawing = ["ScottPlot", "Plotly", "DisplayableFormatters"];
        var drawn = Sources("DistractedDriver").Where(source => drawing.Any(word => source.Text.Contains(word, StringComparison.Ordinal)))
            .Select(source => TopFolder(source.Path)).Distinct();
        // Core has the contract, and a picture that was decoded shows itself.
        Assert.Empty(drawn.Except(["Reports", "Evaluation", "Core", "Imaging"]));
    }

    // "| `Layers` | Keras's layers | Initializers, Regularizers |" below the heading of that project's table.
    private static Dictionary<string, string[]> Table(string project) => File.ReadLines(Path.Combine(Checkout.Folder, "README.md"))
        .SkipWhile(line => !line.StartsWith($"| folder of `src/{project}`", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(
            cells => cells[1].Trim('`', '/'),
            cells => cells[3] == "–" ? [] : cells[3].Split(", "));

    private static HashSet<string> Reachable(Dictionary<string, string[]> table, string from)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(table[from]);
        while (open.TryDequeue(out var next))
            if (reached.Add(next)) foreach (var further in table[next]) open.Enqueue(further);
        return reached;
    }

    private static IEnumerable<string> Folders(string project) =>
        Sources(project).Select(source => TopFolder(source.Path)).Where(folder => folder.Length > 0).Distinct();

    private static IEnumerable<(string From, string To, string Where)> Uses(string project)
    {
        var sources = Sources(project).ToArray();
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, path: source.Path)).ToArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != project).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);
        var compilation = CSharpCompilation.Create(project, [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings)], references, options);
        foreach (var tree in trees)
        {
            var from = TopFolder(tree.FilePath);
            // The root is the face that brings all folders together.
            if (from.Length == 0) continue;
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Ancestors().Any(ancestor => ancestor is UsingDirectiveSyntax)) continue;
                var symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (type is null || !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)) continue;
                foreach (var declared in type.DeclaringSyntaxReferences)
                {
                    var to = TopFolder(declared.SyntaxTree.FilePath);
                    yield return (from, to.Length == 0 ? "the root" : to, $"{tree.FilePath} mentions {type.Name}");
                }
            }
        }
    }

    private static IEnumerable<(string Path, string Text)> Sources(string project)
    {
        var folder = Path.Combine(Checkout.Folder, $"src/{project}");
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(folder, path), File.ReadAllText(path)));
    }

    private static string TopFolder(string path) =>
        path.Contains(Path.DirectorySeparatorChar) ? path.Split(Path.DirectorySeparatorChar)[0] : "";
}
