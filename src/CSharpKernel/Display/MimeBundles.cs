using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace CSharpKernel.Display;

// Display: values turned into what a notebook shows. It knows types and mime types, not notebooks.

/// <summary>A value that says itself what it is shown as.</summary>
internal interface IHasMimeBundle
{
    /// <summary>Its representations by mime type.</summary>
    JsonObject MimeBundle { get; }
}

/// <summary>Values' representations by mime type.</summary>
/// <param name="formatters">What the session has registered.</param>
internal sealed class MimeBundles(FormatterRegistry formatters)
{
    /// <summary>A value's representations; null is shown as "null".</summary>
    public JsonObject Of(object? value)
    {
        if (value is null) return new JsonObject { ["text/plain"] = "null" };
        if (value is IHasMimeBundle own) return own.MimeBundle;
        var bundle = new JsonObject();
        foreach (var (mime, text) in Formatted(value).Concat(formatters.Of(value)))
            bundle[mime] = mime.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(text) : text;
        if (bundle.Count == 0 && new HtmlView(formatters).Of(value) is { } markup) bundle["text/html"] = markup;
        if (!bundle.ContainsKey("text/plain")) bundle["text/plain"] = new PlainText(formatters).Of(value);
        return bundle;
    }

    // The convention of C# notebooks: a type carries an attribute named TypeFormatterSourceAttribute that names a class whose
    // CreateTypeFormatters() gives objects with a MimeType and bool Format(object, TextWriter). Names alone count, so that
    // a library needs no reference to any notebook.
    private static IEnumerable<(string Mime, string Text)> Formatted(object value)
    {
        const BindingFlags members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .FirstOrDefault(found => found.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute?.GetType().GetProperty("FormatterSourceType", members)?.GetValue(attribute) is not Type sourceType) yield break;
        var preferred = attribute.GetType().GetProperty("PreferredMimeTypes", members)?.GetValue(attribute) as string[] ?? ["text/html"];
        var source = Activator.CreateInstance(sourceType, nonPublic: true)!;
        if (sourceType.GetMethod("CreateTypeFormatters", members)?.Invoke(source, null) is not IEnumerable formatters) yield break;
        foreach (var formatter in formatters)
        {
            var mime = (string)formatter.GetType().GetProperty("MimeType", members)!.GetValue(formatter)!;
            using var writer = new StringWriter();
            if (preferred.Contains(mime)
                && formatter.GetType()
                    .GetMethod("Format", members, [typeof(object), typeof(TextWriter)])?.Invoke(formatter, [value, writer]) is true)
                yield return (mime, writer.ToString());
        }
    }
}
