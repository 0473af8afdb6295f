using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Completion;

/// <summary>The signatures of what is called where the cursor is.</summary>
internal static class Signatures
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat
        .AddParameterOptions(
            SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeType);

    /// <summary>Each overload with its summary, the one that fits what is written first; null where nothing is called.</summary>
    public static async Task<string?> AtAsync(Document document, int position, CancellationToken stop)
    {
        var root = (await document.GetSyntaxRootAsync(stop).ConfigureAwait(false))!;
        var model = (await document.GetSemanticModelAsync(stop).ConfigureAwait(false))!;
        // Behind an opening parenthesis or a comma one is within the list that these belong to.
        var arguments = root.FindToken(Math.Max(0, position - 1)).Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>()
            .FirstOrDefault(list =>
                list.SpanStart < position && (position < list.Span.End || list.GetLastToken(includeZeroWidth: true).IsMissing));
        string[] texts = [.. Called(model, arguments?.Parent, stop).Distinct(SymbolEqualityComparer.Default).Select(symbol => Text(symbol!))
            .Distinct()];
        return texts.Length == 0 ? null : string.Join("\n\n", texts);
    }

    private static IEnumerable<ISymbol> Called(SemanticModel model, SyntaxNode? call, CancellationToken stop)
    {
        if (call is null) return [];
        var chosen = model.GetSymbolInfo(call, stop);
        var all = model.GetMemberGroup(call is InvocationExpressionSyntax invocation ? invocation.Expression : call, stop);
        return [.. new[] { chosen.Symbol }.OfType<ISymbol>(), .. chosen.CandidateSymbols, .. all];
    }

    private static string Text(ISymbol symbol)
    {
        var summary = Summary(symbol);
        return symbol.ToDisplayString(Format) + (summary.Length > 0 ? "\n    " + summary : "");
    }

    private static string Summary(ISymbol symbol)
    {
        if (symbol.GetDocumentationCommentXml() is not { Length: > 0 } text) return "";
        try
        {
            var summary = XElement.Parse(text).DescendantsAndSelf("summary").FirstOrDefault();
            foreach (var reference in summary?.Descendants().Where(element => element.IsEmpty).ToArray() ?? [])
                reference.ReplaceWith((reference.Attributes().FirstOrDefault()?.Value ?? "").Split(':', '.', '`')[^1]);
            return string.Join(' ', (summary?.Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        catch (System.Xml.XmlException)
        {
            return "";
        }
    }
}
