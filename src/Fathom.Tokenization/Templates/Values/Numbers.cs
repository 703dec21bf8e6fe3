using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Python's tower of bool, int and float.</summary>
internal static class Numbers
{
    /// <summary>Longest whole number, in bits: about the 4,300 digits that Python prints.</summary>
    public const int MaxBits = 14_288;

    private const int MaxDigits = 4_300;

    /// <summary>Whether a value takes part in arithmetic.</summary>
    public static bool IsNumber(object? value) => value is bool or BigInteger or double;

    /// <summary>The value as a whole number, if it is one by type.</summary>
    public static bool TryInteger(object? value, out BigInteger number)
    {
        (var isInteger, number) = value switch
        {
            bool flag => (true, flag ? BigInteger.One : BigInteger.Zero),
            BigInteger integer => (true, integer),
            _ => (false, default),
        };
        return isInteger;
    }

    /// <summary>The value as a float.</summary>
    /// <exception cref="ChatTemplateException">A whole number beyond the range of a float.</exception>
    public static double ToDouble(Rendering run, object? value)
    {
        if (value is double number)
        {
            return number;
        }
        TryInteger(value, out var integer);
        var result = (double)integer;
        return double.IsInfinity(result) ? throw run.ValueError("int too large to convert to float") : result;
    }

    /// <summary>Refuses a whole number that is too long.</summary>
    public static BigInteger Checked(Rendering run, BigInteger number) => number.GetBitLength() <= MaxBits
        ? number
        : throw run.Fail(ChatTemplateFault.Limit, $"a whole number of more than {MaxBits} bits", "Templates have no use for such numbers.");

    /// <summary>Equality by value.</summary>
    public static bool AreEqual(object a, object b) => !IsNaN(a) && !IsNaN(b) && Compare(a, b) == 0;

    /// <summary>Order by exact value; neither may be NaN.</summary>
    public static int Compare(object a, object b) => (a, b) switch
    {
        (double x, double y) => x.CompareTo(y),
        (double x, _) => -Compare(b, x),
        (_, double y) => Compare(AsInteger(a), y),
        _ => AsInteger(a).CompareTo(AsInteger(b)),
    };

    /// <summary>Reads a whole number as Python's <c>int(text, 10)</c> does.</summary>
    public static bool TryParseInteger(string text, out BigInteger number)
    {
        number = default;
        var trimmed = Whitespace.Strip(text);
        var digits = trimmed.StartsWith('-') || trimmed.StartsWith('+') ? trimmed[1..] : trimmed;
        if (digits.Length is 0 or > 2 * MaxDigits || !IsGrouped(digits, out var plain) || plain.Length > MaxDigits)
        {
            return false;
        }
        number = BigInteger.Parse(plain, NumberStyles.None, CultureInfo.InvariantCulture);
        number = trimmed[0] == '-' ? -number : number;
        return true;
    }

    /// <summary>Reads a float as Python's <c>float(text)</c> does.</summary>
    public static bool TryParseDouble(string text, out double number)
    {
        number = default;
        var trimmed = Whitespace.Strip(text);
        var unsigned = trimmed.TrimStart('+', '-');
        if (trimmed.Length - unsigned.Length <= 1 && unsigned.Length is 3 or 8 && unsigned.ToUpperInvariant() is "INF" or "INFINITY" or "NAN")
        {
            number = unsigned[0] is 'n' or 'N' ? double.NaN : trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        var parts = trimmed.Split('_');
        if (parts.Length > 1 && !Enumerable.Range(1, parts.Length - 1).All(i => parts[i - 1].Length > 0 && char.IsAsciiDigit(parts[i - 1][^1]) && parts[i].Length > 0 && char.IsAsciiDigit(parts[i][0])))
        {
            return false;
        }
        return unsigned.Length > 0 && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.')
            && double.TryParse(string.Concat(parts), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsGrouped(string digits, out string plain)
    {
        plain = digits.Replace("_", "", StringComparison.Ordinal);
        return plain.Length > 0 && plain.All(char.IsAsciiDigit)
            && digits[0] != '_' && digits[^1] != '_' && !digits.Contains("__", StringComparison.Ordinal);
    }

    private static bool IsNaN(object value) => value is double number && double.IsNaN(number);

    private static BigInteger AsInteger(object value) => TryInteger(value, out var number) ? number : throw new InvalidOperationException("Not a whole number.");

    private static int Compare(BigInteger a, double b)
    {
        if (double.IsInfinity(b))
        {
            return b > 0 ? -1 : 1;
        }
        var floor = new BigInteger(Math.Floor(b));
        var order = a.CompareTo(floor);
        return order != 0 ? order : b > Math.Floor(b) ? -1 : 0;
    }
}
