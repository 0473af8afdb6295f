using System.Net;
using System.Text;
using CSharpKernel.Files;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Export;

// Export: notebooks as web pages. They use Notebooks, and Session for what is C# in a cell; nothing uses them.

/// <summary>Notebooks as a small web site: a page for each, which needs nothing besides itself, and an index.</summary>
public static class CoursePages
{
    private static readonly string Style = Resource("pages.css");
    private static readonly string Script = Resource("pages.js");

    /// <summary>Writes the pages, each whole or not at all.</summary>
    /// <param name="notebooks">The notebooks, in the order in which they are to be read.</param>
    /// <param name="folder">Where to; it is made where it is missing.</param>
    /// <param name="title">What the index is headed by.</param>
    /// <param name="plotly">plotly.js, which goes into each page that has charts; without it they are pictures.</param>
    /// <returns>The files, the index first.</returns>
    /// <exception cref="ArgumentException">There is no notebook, or two would have the same page.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<Notebook> notebooks, string folder, string title, string? plotly = null)
    {
        ArgumentNullException.ThrowIfNull(notebooks);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (notebooks.Count == 0) throw new ArgumentException("There is no notebook to make a page of.", nameof(notebooks));
        NotebookPage[] pages = [.. notebooks.Select(NotebookPage.Of)];
        if (pages.CountBy(page => page.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Value > 1).Key is { } twice)
            throw new ArgumentException($"Two notebooks would both become {twice}; give one of them another name.", nameof(notebooks));
        Directory.CreateDirectory(folder);
        return
        [
            Save(folder, "index.html",
                Html(title, $"<h1>{Encoded(title)}</h1>\n<ol class=\"index\">\n{string.Concat(pages.Select(Entry))}</ol>\n", null)),
            .. pages.Select((page, i) => Save(folder, page.Name, Page(pages, i, title, plotly))),
        ];
    }

    private static string Entry(NotebookPage page) =>
        $"<li><a href=\"{Uri.EscapeDataString(page.Name)}\"><b>{Encoded(page.Title)}</b><span>{Encoded(page.Summary)}</span></a></li>\n";

    private static string Page(NotebookPage[] pages, int i, string title, string? plotly)
    {
        var (before, after) = (Link(i > 0 ? pages[i - 1] : null, "←", ""), Link(i + 1 < pages.Length ? pages[i + 1] : null, "", "→"));
        var way = $"""
            <nav>{before}<a href="index.html">{Encoded(title)}</a>{after}</nav>

            """;
        return Html(pages[i].Title, way + pages[i].Content + way, pages[i].HasCharts ? plotly : null);
    }

    private static string Link(NotebookPage? page, string before, string after) =>
        page is null ? "<span></span>" : $"<a href=\"{Uri.EscapeDataString(page.Name)}\">{before} {Encoded(page.Title)} {after}</a>";

    private static string Html(string title, string content, string? plotly)
    {
        var html = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encoded(title)}</title>
            <style>
            {Style}</style>
            </head>
            <body>
            <main>
            {content}</main>

            """);
        if (plotly is not null) html.Append("<script>").Append(plotly).Append("</script>\n<script>\n").Append(Script).Append("</script>\n");
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static string Save(string folder, string name, string html)
    {
        var file = Path.Combine(folder, name);
        AtomicFile.WriteText(file, html);
        return file;
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(CoursePages).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
