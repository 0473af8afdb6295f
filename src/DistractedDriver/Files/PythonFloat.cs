using System.Globalization;

namespace DistractedDriver.Files;

/// <summary>Numbers as Python prints them, so that a log reads the same whoever wrote it.</summary>
internal static class PythonFloat
{
    /// <summary>
    /// Python's <c>repr</c>: the shortest digits that read back as the same double, with an exponent below 1e-4 and from 1e16.
    /// </summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0) return sign + "0.0";

        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var (mantissa, shift) = mark < 0
            ? (shortest, 0)
            : (shortest[..mark], int.Parse(shortest[(mark + 1)..], CultureInfo.InvariantCulture));
        var whole = mantissa.IndexOf('.', StringComparison.Ordinal) is var point && point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = whole - 1 + shift - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');

        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        digits = digits.PadRight(exponent + 1, '0');
        var fraction = digits[(exponent + 1)..];
        return $"{sign}{digits[..(exponent + 1)]}.{(fraction.Length > 0 ? fraction : "0")}";
    }
}
