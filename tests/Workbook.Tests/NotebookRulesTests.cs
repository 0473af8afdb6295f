using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WorkbookTests;

/// <summary>
/// The notebooks of this project run in .NET Interactive's C# kernel too, as far as that can be told without it: what it does
/// not accept in a cell, and names that only our own kernel has.
/// </summary>
public sealed partial class NotebookRulesTests
{
    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);

    // The functions that both kernels offer without a prefix; the other ones that ours has are not to be used.
    private static readonly string[] OnlyOurs = ["clear_output", "input", "password", "Formatter"];

    public static TheoryData<string> Notebooks =>
        [.. Directory.GetFiles(Path.Combine(Checkout.Folder, "notebooks"), "*.ipynb").Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void ANotebook_NamesItsLanguageAndKernel(string notebook)
    {
        var metadata = Read(notebook)["metadata"]!;
        Assert.Equal("C#", (string?)metadata["language_info"]?["name"] ?? (string?)metadata["kernelspec"]!["language"]);
        Assert.Equal("csharp", (string?)metadata["kernelspec"]!["name"]);
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Cells_HoldNothingThatAScriptMayNot(string notebook)
    {
        foreach (var cell in Cells(notebook))
        {
            var root = CSharpSyntaxTree.ParseText(cell, Script, cancellationToken: TestContext.Current.CancellationToken)
                .GetCompilationUnitRoot(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(root.GetDiagnostics(), found => found.Severity == DiagnosticSeverity.Error);
            var nodes = root.DescendantNodes().ToArray();
            Assert.DoesNotContain(nodes, node => node is BaseNamespaceDeclarationSyntax);
            Assert.DoesNotContain(nodes, node => node is ParameterSyntax parameter && parameter.Modifiers.Any(SyntaxKind.ThisKeyword));
            // A using declaration at the top of a cell: within a method's body it is a statement of its own kind.
            Assert.DoesNotContain(root.Members, member =>
                member is GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } });
            Assert.DoesNotContain(root.Members.OfType<FieldDeclarationSyntax>(), field =>
                field.Declaration.Type.ToString().Contains("Span<", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Directives_StandBeforeAllOtherCode(string notebook)
    {
        foreach (var cell in Cells(notebook))
        {
            string[] lines = [.. cell.Split('\n').Select(line => line.Trim())
                .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))];
            var code = Array.FindIndex(lines, line => !Directive().IsMatch(line));
            Assert.True(code < 0 || !lines.Skip(code).Any(Directive().IsMatch), cell);
        }
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void References_AreRelativeAndLeadToTheBuild(string notebook) =>
        Assert.All(Cells(notebook).SelectMany(cell => Reference().Matches(cell)), match =>
            Assert.Equal("../artifacts/bin/Workbook/release/DistractedDriver.dll", match.Groups[1].Value));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Cells_UseNoNameThatOnlyThisKernelHas(string notebook)
    {
        foreach (var cell in Cells(notebook))
        {
            Assert.DoesNotContain(cell.Split('\n'), line => line.TrimStart().StartsWith("#!", StringComparison.Ordinal));
            var names = CSharpSyntaxTree.ParseText(cell, Script, cancellationToken: TestContext.Current.CancellationToken)
                .GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>();
            Assert.DoesNotContain(names, name =>
                OnlyOurs.Contains(name.Identifier.Text) && name.Parent is not MemberAccessExpressionSyntax
                    && name.Parent is not NameColonSyntax);
        }
    }

    private static JsonObject Read(string notebook) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Folder, "notebooks", notebook)))!.AsObject();

    private static string[] Cells(string notebook) =>
        [.. Read(notebook)["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code")
            .Select(cell => cell!["source"] is JsonArray lines
                ? string.Concat(lines.Select(line => (string?)line))
                : (string?)cell["source"] ?? "")];

    [GeneratedRegex(@"^(#r|#load|using\s+(static\s+)?[\w.]+;|using\s+\w+\s*=)")]
    private static partial Regex Directive();

    [GeneratedRegex("""#r\s+"([^"]+)""")]
    private static partial Regex Reference();
}
