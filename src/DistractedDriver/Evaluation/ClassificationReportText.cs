using System.Globalization;
using System.Text;

namespace DistractedDriver.Evaluation;

/// <summary>A report as text, byte for byte as scikit-learn's <c>classification_report</c> writes it.</summary>
public static class ClassificationReportText
{
    private const int Column = 9;

    /// <summary>Writes the report.</summary>
    /// <param name="report">The numbers.</param>
    /// <param name="digits">How many digits stand behind the point.</param>
    /// <returns>Lines, each with its line feed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> is negative.</exception>
    public static string Write(ClassificationReport report, int digits = 2)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        var width = report.Classes.Select(scores => scores.Name.Length).Append(report.Weighted.Name.Length).Append(digits).Max();
        string Line(string name, params string[] cells) =>
            $"{name.PadLeft(width)} {string.Concat(cells.Select(cell => $" {cell.PadLeft(Column)}"))}\n";
        string Number(double value) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
        string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
        string Row(ClassScores scores) =>
            Line(scores.Name, Number(scores.Precision), Number(scores.Recall), Number(scores.F1), Count(scores.Support));

        var text = new StringBuilder(Line("", "precision", "recall", "f1-score", "support")).Append('\n');
        foreach (var scores in report.Classes) text.Append(Row(scores));
        return text.Append('\n').Append(Line("accuracy", "", "", Number(report.Accuracy), Count(report.Macro.Support)))
            .Append(Row(report.Macro)).Append(Row(report.Weighted)).ToString();
    }
}
