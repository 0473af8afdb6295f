namespace DistractedDriver;

// Reports: what a notebook shows - charts, tables, pictures in a grid. A report knows how it looks in each mime type and
// nothing of the kernel that shows it: notebooks for C# find the formatters by the attribute's name.

/// <summary>Something to look at. A notebook shows it when it is a cell's last expression, or by <c>display</c>.</summary>
public abstract class Report
{
    /// <summary>How it looks in a mime type, images as base64 text; null where it has no such form.</summary>
    internal abstract string? As(string mimeType);
}

/// <summary>Tells a notebook's kernel where a type's formatters are; kernels know this attribute by its name.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>The formatters of all reports, in the shape in which kernels look for them.</summary>
internal sealed class ReportFormatters
{
#pragma warning disable CA1822 // Called on an instance, by name.
    public IEnumerable<object> CreateTypeFormatters() =>
        new[] { Chart.PlotlyMimeType, Chart.PictureMimeType, ImageGrid.MimeType, Table.MimeType }.Select(mimeType => new Formatter(mimeType));
#pragma warning restore CA1822

    internal sealed class Formatter(string mimeType)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object value, TextWriter writer)
        {
            if ((value as Report)?.As(MimeType) is not { } text) return false;
            writer.Write(text);
            return true;
        }
    }
}
