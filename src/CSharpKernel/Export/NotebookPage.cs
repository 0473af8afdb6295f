using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CSharpKernel.Notebooks;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CSharpKernel.Export;

/// <summary>One notebook as HTML: texts, coloured code, outputs in the richest form that a page can show.</summary>
internal sealed partial class NotebookPage
{
    private static readonly string[] PictureTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();
    private readonly Notebook _notebook;
    private readonly StringBuilder _html = new();

    private NotebookPage(Notebook notebook) => _notebook = notebook;

    /// <summary>The file's name as a page.</summary>
    public string Name => System.IO.Path.ChangeExtension(System.IO.Path.GetFileName(_notebook.Path), ".html");

    /// <summary>Its first heading; the file's name where it has none.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Its first paragraph, as text.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>The cells' markup.</summary>
    public string Content => _html.ToString();

    /// <summary>Whether it shows charts that plotly.js draws.</summary>
    public bool HasCharts { get; private set; }

    public static NotebookPage Of(Notebook notebook)
    {
        var page = new NotebookPage(notebook);
        var code = new Queue<string>(ColouredCode.Of([.. notebook.Cells.Where(IsCode).Select(cell => Notebook.Source(cell!))]));
        foreach (var cell in notebook.Cells) page.Add(cell!, IsCode(cell) ? code.Dequeue() : "");
        if (page.Title.Length == 0) page.Title = System.IO.Path.GetFileNameWithoutExtension(notebook.Path);
        return page;
    }

    private static bool IsCode(JsonNode? cell) => (string?)cell!["cell_type"] == "code";

    private void Add(JsonNode cell, string code)
    {
        var source = Notebook.Source(cell);
        switch ((string?)cell["cell_type"])
        {
            case "markdown":
                _html.Append("<section class=\"text\">\n").Append(Rendered(source, cell["attachments"] as JsonObject))
                    .Append("</section>\n");
                break;
            case "code":
                var number = (int?)cell["execution_count"] is { } count ? $"[{count}]" : "";
                _html.Append($"<section class=\"code\"><span class=\"count\">{number}</span><pre><code>{code}</code></pre>\n");
                foreach (var output in cell["outputs"] as JsonArray ?? []) Add(output!);
                _html.Append("</section>\n");
                break;
            default:
                _html.Append($"<pre>{WebUtility.HtmlEncode(source)}</pre>\n");
                break;
        }
    }

    private string Rendered(string source, JsonObject? attachments)
    {
        var document = Markdown.Parse(source, Pipeline);
        foreach (var link in document.Descendants<LinkInline>()) Resolve(link, attachments);
        if (Title.Length == 0 && document.Descendants<HeadingBlock>().FirstOrDefault() is { } heading) Title = Text(heading.Inline);
        if (Summary.Length == 0 && document.OfType<ParagraphBlock>().FirstOrDefault() is { } paragraph) Summary = Text(paragraph.Inline);
        return document.ToHtml(Pipeline);
    }

    // A page stands alone: pictures go into it, and links to notebooks lead to their pages.
    private void Resolve(LinkInline link, JsonObject? attachments)
    {
        if (link.Url is not { Length: > 0 } url) return;
        if (!link.IsImage)
        {
            if (NotebookLink().Match(
                url) is { Success: true } match) link.Url = $"{match.Groups["name"].Value}.html{match.Groups["anchor"].Value}";
            return;
        }
        link.GetAttributes().AddPropertyIfNotExist("loading", "lazy");
        if (url.StartsWith("attachment:", StringComparison.Ordinal))
        {
            if (attachments?[Uri.UnescapeDataString(url["attachment:".Length..])] is not JsonObject { Count: > 0 } attachment) return;
            link.Url = $"data:{attachment.First().Key};base64,{(string?)attachment.First().Value}";
            return;
        }
        var file = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(_notebook.Path)!, Uri.UnescapeDataString(url));
        if (!url.Contains(':', StringComparison.Ordinal) && MimeType(file) is { } mime
            && File.Exists(file)) link.Url = $"data:{mime};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}";
    }

    private void Add(JsonNode output)
    {
        switch ((string?)output["output_type"])
        {
            case "stream":
                _html.Append($"<pre class=\"output "
                    + $"{((string?)output["name"] == "stderr" ? "stderr" : "stdout")}\">{Plain(Notebook.Text(output["text"]))}</pre>\n");
                break;
            case "error":
                var trace = output["traceback"] is JsonArray { Count: > 0 } lines
                    ? string.Join('\n', lines.Select(line => (string?)line))
                    : $"{(string?)output["ename"]}: {(string?)output["evalue"]}";
                _html.Append($"<pre class=\"output error\">{Plain(trace)}</pre>\n");
                break;
            case "display_data" or "execute_result" when output["data"] is JsonObject data:
                _html.Append("<div class=\"output\">").Append(Shown(data)).Append("</div>\n");
                break;
        }
    }

    private string Shown(JsonObject data)
    {
        if (data["application/vnd.plotly.v1+json"] is { } chart)
        {
            HasCharts = true;
            var picture = data.ContainsKey("image/png") ? Picture(data, "image/png") : "";
            // "</" would end the script that holds it.
            var json = chart.ToJsonString().Replace("</", "<\\/");
            return $"<div class=\"chart\">{picture}<script type=\"application/json\">{json}</script></div>";
        }
        if (data["text/html"] is { } html) return Notebook.Text(html);
        if (data["image/svg+xml"] is { } svg) return Notebook.Text(svg);
        if (PictureTypes.FirstOrDefault(data.ContainsKey) is { } mime) return Picture(data, mime);
        if (data["text/markdown"] is { } markdown) return Markdown.ToHtml(Notebook.Text(markdown), Pipeline);
        if (data["application/javascript"] is { } script) return $"<script>{Notebook.Text(script)}</script>";
        return data["text/plain"] is { } text
            ? $"<pre>{Plain(Notebook.Text(text))}</pre>"
            : $"<pre>{WebUtility.HtmlEncode(string.Join(", ", data.Select(found => found.Key)))}</pre>";
    }

    private static string Picture(JsonObject data, string mime)
    {
        var description = data["text/plain"] is { } text ? Notebook.Text(text) : "";
        var content = Notebook.Text(data[mime]).ReplaceLineEndings("");
        return $"<img loading=\"lazy\" alt=\"{WebUtility.HtmlEncode(description)}\" src=\"data:{mime};base64,{content}\">";
    }

    private static string Plain(string text) => WebUtility.HtmlEncode(TerminalColours().Replace(text, ""));

    private static string Text(ContainerInline? inline) => string.Concat((inline ?? []).Descendants().Select(part => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        _ => "",
    }));

    private static string? MimeType(string file) => System.IO.Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".svg" => "image/svg+xml",
        ".webp" => "image/webp",
        _ => null,
    };

    [GeneratedRegex(@"^(?![a-z]+:)(\./)?(?<name>[^/#]+)\.ipynb(?<anchor>#.*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex NotebookLink();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex TerminalColours();
}
