using System.Net;
using System.Text;
using CSharpKernel.Language;
using CSharpKernel.Packages;
using CSharpKernel.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Export;

/// <summary>C# as HTML in which each word says by its class what it is.</summary>
internal static class ColouredCode
{
    /// <summary>The markup of each cell of a notebook; what a cell declares is known to those after it.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> cells)
    {
        using var workspace = new AdhocWorkspace();
        var text = string.Concat(cells.Select(cell => MagicLines.CSharp(cell) + "\n"));
        // What this process is made of is what a notebook that runs in it can refer to.
        var document = ScriptDocument.Of(workspace, text, Framework.Process.Select(file => MetadataReference.CreateFromFile(file)),
            CodeSession.Usings);
        var start = 0;
        return
        [
            .. cells.Select(cell =>
            {
                var spans = Classifier.GetClassifiedSpansAsync(document, new TextSpan(start, cell.Length)).GetAwaiter().GetResult();
                var html = Of(cell, spans.Select(span =>
                    (span.TextSpan.Start - start, span.TextSpan.End - start, Class(span.ClassificationType))));
                start += cell.Length + 1;
                return html;
            }),
        ];
    }

    private static string Of(string cell, IEnumerable<(int Start, int End, string? Class)> words)
    {
        var html = new StringBuilder();
        var done = 0;
        foreach (var (start, end, name) in words.Where(word => word.Class is not null).OrderBy(word => word.Start))
        {
            // Some words are classified twice ("static" beside what they are).
            if (start < done) continue;
            html.Append(WebUtility.HtmlEncode(cell[done..start]));
            html.Append("<span class=\"").Append(name).Append("\">").Append(WebUtility.HtmlEncode(cell[start..end])).Append("</span>");
            done = end;
        }
        return html.Append(WebUtility.HtmlEncode(cell[done..])).ToString();
    }

    private static string? Class(string classification) => classification switch
    {
        ClassificationTypeNames.Comment => "comment",
        ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword => "keyword",
        ClassificationTypeNames.PreprocessorKeyword or ClassificationTypeNames.PreprocessorText => "directive",
        ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral => "string",
        ClassificationTypeNames.NumericLiteral => "number",
        ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "method",
        ClassificationTypeNames.ClassName or ClassificationTypeNames.StructName or ClassificationTypeNames.InterfaceName
            or ClassificationTypeNames.EnumName or ClassificationTypeNames.RecordClassName
            or ClassificationTypeNames.DelegateName => "type",
        _ => null,
    };
}
