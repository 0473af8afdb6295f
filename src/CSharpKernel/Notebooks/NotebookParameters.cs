using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Notebooks;

/// <summary>
/// A notebook's parameters by papermill's convention: the variables declared in the cell tagged parameters. Values given from
/// outside go into a cell of their own behind it, tagged injected-parameters.
/// </summary>
public static class NotebookParameters
{
    private const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>The names that a notebook declares, in order; none where it has no such cell.</summary>
    public static IReadOnlyList<string> Names(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        return [.. Declarations(notebook).Select(variable => variable.Identifier.ValueText)];
    }

    /// <summary>Gives a notebook values in place of those it declares; an earlier run's are replaced.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="values">Values by name, as on a command line.</param>
    /// <exception cref="ArgumentException">The notebook declares no parameter of that name, or it is no value of its type.</exception>
    public static void Inject(Notebook notebook, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        ArgumentNullException.ThrowIfNull(values);
        var declared = Declarations(notebook).ToDictionary(variable => variable.Identifier.ValueText);
        var code = values.Select(pair => declared.TryGetValue(pair.Key, out var variable)
            ? $"{pair.Key} = {Literal(pair.Key, pair.Value, variable)};"
            : throw new ArgumentException($"{notebook.Path} has no parameter '{pair.Key}'; {Listed(declared.Keys)}.")).ToArray();
        foreach (var old in notebook.Cells.Where(cell => Notebook.HasTag(cell!, InjectedTag)).ToArray()) notebook.Cells.Remove(old);
        if (code.Length == 0) return;
        var place = notebook.Cells.IndexOf(ParametersCell(notebook));
        notebook.Cells.Insert(place + 1, new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = InjectedTag,
            ["metadata"] = new JsonObject { ["tags"] = new JsonArray(InjectedTag) },
            ["outputs"] = new JsonArray(),
            ["source"] = Notebook.Lines(string.Join('\n', code)),
        });
    }

    private static string Listed(IEnumerable<string> names) =>
        !names.Any() ? "it has no cell tagged parameters" : $"its parameters are: {string.Join(", ", names)}";

    private static JsonNode? ParametersCell(Notebook notebook) =>
        notebook.Cells.FirstOrDefault(cell => (string?)cell!["cell_type"] == "code" && Notebook.HasTag(cell, Tag));

    private static IEnumerable<VariableDeclaratorSyntax> Declarations(Notebook notebook) => ParametersCell(notebook) is { } cell
        ? CSharpSyntaxTree.ParseText(Notebook.Source(cell), new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot()
            .DescendantNodes().OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables)
        : [];

    // A value as C# writes it, of the kind that the variable starts with.
    private static string Literal(string name, string value, VariableDeclaratorSyntax variable)
    {
        var initial = variable.Initializer?.Value;
        if (initial is PrefixUnaryExpressionSyntax signed) initial = signed.Operand;
        var text = initial is LiteralExpressionSyntax literal ? literal.Token.Value : null;
        return text switch
        {
            string => SymbolDisplay.FormatLiteral(value, quote: true),
            bool when bool.TryParse(value, out var flag) => flag ? "true" : "false",
            int when int.TryParse(value, CultureInfo.InvariantCulture, out var whole) => whole.ToString(CultureInfo.InvariantCulture),
            float when float.TryParse(value, CultureInfo.InvariantCulture, out var single) =>
                single.ToString("R", CultureInfo.InvariantCulture) + "f",
            double when double.TryParse(value, CultureInfo.InvariantCulture, out var number) =>
                number.ToString("R", CultureInfo.InvariantCulture) + "d",
            null => throw new ArgumentException(
                $"The parameter '{name}' can't be given from outside: the notebook does not start it with a number, a text, true or "
                    + "false."),
            _ => throw new ArgumentException($"The parameter '{name}' is a {text.GetType().Name}, such as {initial}. Received: '{value}'."),
        };
    }
}
