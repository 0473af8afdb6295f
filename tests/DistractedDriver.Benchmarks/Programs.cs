namespace Benchmarks;

/// <summary>The programs that are measured from outside.</summary>
internal static class Programs
{
    /// <summary>The workbook, built beside this program.</summary>
    public static string Workbook { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Workbook",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Workbook.dll"));
}
