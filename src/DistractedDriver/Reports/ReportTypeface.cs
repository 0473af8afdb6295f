using SkiaSharp;

namespace DistractedDriver.Reports;

/// <summary>The typeface of everything that is drawn. It comes with the library, since a bare machine has none.</summary>
internal static class ReportTypeface
{
    public const string Name = "DejaVu Sans";

    public static SKTypeface Typeface { get; } = Load();

    /// <summary>Lets ScottPlot use it too.</summary>
    public sealed class Resolver : ScottPlot.IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface : null;

        public SKTypeface? CreateTypeface(string fontName, ScottPlot.FontWeight weight, ScottPlot.FontSlant slant,
            ScottPlot.FontSpacing spacing) => fontName == Name ? Typeface : null;
    }

    private static SKTypeface Load()
    {
        using var stream = typeof(ReportTypeface).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(stream);
    }
}
