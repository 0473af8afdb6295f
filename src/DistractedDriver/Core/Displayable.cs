namespace DistractedDriver.Core;

/// <summary>
/// A value that shows itself in a notebook, when it is a cell's last expression or given to <c>display</c>. It knows how it looks
/// in each mime type and nothing of the kernel that shows it.
/// </summary>
public abstract class Displayable
{
    /// <summary>How it looks in a mime type, images as base64 text; null where it has no such form.</summary>
    internal abstract string? As(string mimeType);
}

/// <summary>The mime types in which values show themselves.</summary>
internal static class MimeTypes
{
    public const string Plotly = "application/vnd.plotly.v1+json", Png = "image/png", Jpeg = "image/jpeg", Html = "text/html";

    public static IReadOnlyList<string> All { get; } = [Plotly, Png, Jpeg, Html];
}

/// <summary>Tells a notebook's kernel where a type's formatters are; kernels for C# know this attribute by its name.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>The formatters of all displayable values, in the shape in which kernels look for them.</summary>
internal sealed class DisplayableFormatters
{
#pragma warning disable CA1822 // Called on an instance, by name.
    public IEnumerable<object> CreateTypeFormatters() => MimeTypes.All.Select(mimeType => new Formatter(mimeType));
#pragma warning restore CA1822

    internal sealed class Formatter(string mimeType)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object value, TextWriter writer)
        {
            if ((value as Displayable)?.As(MimeType) is not { } text) return false;
            writer.Write(text);
            return true;
        }
    }
}
