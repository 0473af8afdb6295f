using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace DistractedDriver.Files;

/// <summary>
/// Numbers in texts as Python's <c>str.format</c> puts them there: "{epoch:02d}-{val_loss:.2f}" (Python's library reference, "Format
/// Specification Mini-Language"). Ties are rounded to the even digit, of the number's exact value.
/// </summary>
internal sealed partial class PythonFormat
{
    private readonly List<Piece> _pieces = [];

    /// <exception cref="FormatException">The pattern is none of Python's; the message says what is wrong.</exception>
    public PythonFormat(string pattern)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '{' or '}' && i + 1 < pattern.Length && pattern[i + 1] == pattern[i])
            {
                text.Append(pattern[i++]);
                continue;
            }
            if (pattern[i] == '}') throw new FormatException("there is a '}' without a '{'; write }} for the sign itself");
            if (pattern[i] != '{')
            {
                text.Append(pattern[i]);
                continue;
            }
            var end = pattern.IndexOf('}', i);
            if (end < 0) throw new FormatException("there is a '{' without a '}'; write {{ for the sign itself");
            _pieces.Add(new(text.ToString(), null, null));
            text.Clear();
            _pieces.Add(Field(pattern[(i + 1)..end]));
            i = end;
        }
        _pieces.Add(new(text.ToString(), null, null));
    }

    /// <summary>The names of the values that the pattern asks for.</summary>
    public IEnumerable<string> Names => _pieces.Select(piece => piece.Name).OfType<string>();

    /// <summary>The text with the values put in.</summary>
    /// <param name="values">Whole numbers, as <see cref="long"/>, and others, as <see cref="double"/>, by name.</param>
    /// <exception cref="KeyNotFoundException">The pattern names a value that is not there.</exception>
    /// <exception cref="FormatException">A value can't be written in the way that is asked for.</exception>
    public string Apply(IReadOnlyDictionary<string, object> values) => string.Concat(_pieces.Select(piece =>
        piece.Name is null ? piece.Text
        : values.TryGetValue(piece.Name, out var value) ? Number(value, piece.Spec!)
        : throw new KeyNotFoundException(piece.Name)));

    /// <summary>A number with so many digits behind the point.</summary>
    public static string Fixed(double value, int digits) => Number(value, $".{digits}f");

    /// <summary>A number in powers of ten, with so many digits behind the point.</summary>
    public static string Exponential(double value, int digits) => Number(value, $".{digits}e");

    private static Piece Field(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (name, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        if (name.IndexOf('!', StringComparison.Ordinal) is var mark && mark >= 0)
        {
            if (name[mark..] is not ("!r" or "!s")) throw new FormatException($"'{name[mark..]}' is no conversion");
            name = name[..mark];
        }
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            throw new FormatException($"{{{field}}} does not name a value, as {{epoch}} or {{val_loss}} do");
        if (!Specification().IsMatch(spec)) throw new FormatException($"'{spec}' is no way to write a number");
        return new("", name, spec);
    }

    private static string Number(object value, string spec)
    {
        var match = Specification().Match(spec);
        string Part(string name) => match.Groups[name].Value;
        var (type, precision) = (Part("type"), Part("precision") is { Length: > 0 } digits ? Parse(digits) : (int?)null);
        var negative = value is long whole ? whole < 0 : double.IsNegative((double)value);
        var body = type is "d" or "x" or "X" or "o" or "b" or "c" || (type.Length == 0 && value is long)
            ? Integer(value as long? ?? throw Unknown(type, "a number with a fraction"), type, precision)
            : Real(Math.Abs(Convert.ToDouble(value, CultureInfo.InvariantCulture)), type, precision);
        if (Part("grouping") is { Length: 1 } separator) body = Grouped(body, separator);
        var sign = negative ? "-" : Part("sign").Replace("-", "", StringComparison.Ordinal);
        var (width, align, fill) = (Part("width") is { Length: > 0 } wide ? Parse(wide) : 0, Part("align"), Part("fill"));
        if (align.Length == 0) (align, fill) = Part("zero").Length > 0 ? ("=", "0") : (">", " ");
        if (fill.Length == 0) fill = " ";
        var missing = Math.Max(0, width - sign.Length - body.Length);
        string Filled(int count) => string.Concat(Enumerable.Repeat(fill, count));
        return align switch
        {
            "<" => sign + body + Filled(missing),
            "^" => Filled(missing / 2) + sign + body + Filled(missing - missing / 2),
            "=" => sign + Filled(missing) + body,
            _ => Filled(missing) + sign + body,
        };
    }

    private static string Integer(long value, string type, int? precision)
    {
        if (precision is not null) throw new FormatException("a whole number has no precision");
        var size = Math.Abs(value);
        return type switch
        {
            "x" => size.ToString("x", CultureInfo.InvariantCulture),
            "X" => size.ToString("X", CultureInfo.InvariantCulture),
            "o" => Convert.ToString(size, 8),
            "b" => Convert.ToString(size, 2),
            "c" => throw Unknown(type, "a count"),
            _ => size.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static string Real(double value, string type, int? precision)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return "inf";
        return type switch
        {
            "f" or "F" => InPlaces(value, precision ?? 6),
            "%" => InPlaces(value * 100, precision ?? 6) + "%",
            "e" => InPowers(value, precision ?? 6),
            "E" => InPowers(value, precision ?? 6).ToUpperInvariant(),
            "g" => General(value, precision ?? 6),
            "G" => General(value, precision ?? 6).ToUpperInvariant(),
            _ => precision is { } digits ? General(value, digits) : PythonFloat.Repr(value),
        };
    }

    private static string General(double value, int precision)
    {
        precision = Math.Max(1, precision);
        var powers = InPowers(value, precision - 1);
        var exponent = Parse(powers[(powers.IndexOf('e', StringComparison.Ordinal) + 1)..]);
        if (exponent >= -4 && exponent < precision) return Trimmed(InPlaces(value, precision - 1 - exponent));
        return Trimmed(powers[..powers.IndexOf('e', StringComparison.Ordinal)]) + powers[powers.IndexOf('e', StringComparison.Ordinal)..];
    }

    private static string Trimmed(string digits) =>
        digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string InPlaces(double value, int places)
    {
        var digits = Scaled(value, places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}";
    }

    private static string InPowers(double value, int places)
    {
        var exponent = value == 0 ? 0 : (int)Math.Floor(Math.Log10(value));
        var digits = Scaled(value, places - exponent).ToString(CultureInfo.InvariantCulture);
        // What the logarithm got wrong, or rounding has carried over.
        while (value != 0 && digits.Length != places + 1)
        {
            exponent += digits.Length - places - 1;
            digits = Scaled(value, places - exponent).ToString(CultureInfo.InvariantCulture);
        }
        digits = digits.PadRight(places + 1, '0');
        var fraction = places == 0 ? "" : "." + digits[1..];
        return $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    // value · 10^places to the nearest whole number, the even one of two.
    private static BigInteger Scaled(double value, int places)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var (exponent, fraction) = ((int)(bits >> 52) & 0x7ff, bits & ((1L << 52) - 1));
        var (numerator, denominator) = (new BigInteger(exponent == 0 ? fraction : fraction | 1L << 52), BigInteger.One);
        var shift = Math.Max(exponent, 1) - 1075;
        if (shift >= 0) numerator <<= shift;
        else denominator <<= -shift;
        if (places >= 0) numerator *= BigInteger.Pow(10, places);
        else denominator *= BigInteger.Pow(10, -places);
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        var twice = (rest * 2).CompareTo(denominator);
        return twice > 0 || (twice == 0 && !whole.IsEven) ? whole + 1 : whole;
    }

    private static string Grouped(string digits, string separator)
    {
        var end = digits.IndexOfAny(['.', 'e', '%']) is var mark && mark < 0 ? digits.Length : mark;
        for (var i = end - 3; i > 0; i -= 3) digits = digits.Insert(i, separator);
        return digits;
    }

    private static int Parse(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static FormatException Unknown(string type, string kind) => new($"{kind} can't be written as '{type}'");

    [GeneratedRegex(@"^((?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?\#?(?<zero>0)?(?<width>\d+)?"
        + @"(?<grouping>[,_])?(\.(?<precision>\d+))?(?<type>[bcdeEfFgGnoxX%])?$")]
    private static partial Regex Specification();

    private sealed record Piece(string Text, string? Name, string? Spec);
}
