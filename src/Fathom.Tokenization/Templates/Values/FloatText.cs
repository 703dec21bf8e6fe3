using System.Globalization;
using System.Numerics;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Floats as Python writes them.</summary>
internal static class FloatText
{
    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        var (sign, digits, point) = Shortest(value);
        if (point is > -4 and <= 16)
        {
            return sign + (point <= 0 ? "0." + new string('0', -point) + digits
                : digits.Length <= point ? digits + new string('0', point - digits.Length) + ".0"
                : digits[..point] + "." + digits[point..]);
        }
        return sign + digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + Exponent(point - 1);
    }

    /// <summary>Exactly <paramref name="places"/> decimals; ties of the exact binary value go to even.</summary>
    public static string Fixed(double value, int places)
    {
        if (!double.IsFinite(value))
        {
            return Repr(value);
        }
        var digits = Scaled(Math.Abs(value), places).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        var sign = double.IsNegative(value) ? "-" : "";
        return sign + (places == 0 ? digits : digits[..^places] + "." + digits[^places..]);
    }

    /// <summary>The format <c>e</c>: one digit, <paramref name="places"/> decimals, an exponent.</summary>
    public static string Scientific(double value, int places)
    {
        if (!double.IsFinite(value))
        {
            return Repr(value);
        }
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
        {
            return sign + (places > 0 ? "0." + new string('0', places) : "0") + "e+00";
        }
        var exponent = Shortest(value).Point - 1;
        var digits = Scaled(Math.Abs(value), places - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > places + 1)
        {
            exponent++;
            digits = digits[..(places + 1)];
        }
        else if (digits.Length <= places)
        {
            // The shortest digits may lie just above a power of ten and the value just below it.
            exponent--;
            digits = Scaled(Math.Abs(value), places - exponent).ToString(CultureInfo.InvariantCulture);
        }
        return sign + digits[..1] + (places > 0 ? "." + digits[1..] : "") + Exponent(exponent);
    }

    /// <summary>The format <c>g</c>: <paramref name="significant"/> digits, no trailing zeros.</summary>
    public static string General(double value, int significant)
    {
        if (!double.IsFinite(value))
        {
            return Repr(value);
        }
        var precision = Math.Max(1, significant);
        var scientific = Scientific(value, precision - 1);
        var e = scientific.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(scientific[(e + 1)..], CultureInfo.InvariantCulture);
        return exponent >= -4 && exponent < precision
            ? TrimZeros(Fixed(value, precision - 1 - exponent))
            : TrimZeros(scientific[..e]) + scientific[e..];
    }

    /// <summary>Python's <c>round(value, places)</c>.</summary>
    public static double Round(double value, int places)
    {
        if (!double.IsFinite(value) || places > 323)
        {
            return value;
        }
        if (places < -308)
        {
            return Math.CopySign(0.0, value);
        }
        var scaled = Scaled(Math.Abs(value), places);
        var text = places >= 0 ? scaled + "e-" + places : scaled + "e+" + -places;
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    private static string TrimZeros(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string Exponent(int exponent) => (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    /// <summary>value × 10^places, rounded half to even, exactly.</summary>
    private static BigInteger Scaled(double value, int places)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = (bits & 0xF_FFFF_FFFF_FFFF) | (exponent == 0 ? 0 : 1L << 52);
        var shift = Math.Max(exponent, 1) - 1075;
        var denominator = BigInteger.One;
        (numerator, denominator) = shift >= 0 ? (numerator << shift, denominator) : (numerator, denominator << -shift);
        (numerator, denominator) = places >= 0 ? (numerator * BigInteger.Pow(10, places), denominator) : (numerator, denominator * BigInteger.Pow(10, -places));
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var order = (remainder * 2).CompareTo(denominator);
        return order > 0 || (order == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    /// <summary>Sign, shortest digits, and where the point stands: value = 0.digits × 10^point.</summary>
    private static (string Sign, string Digits, int Point) Shortest(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest.StartsWith('-') ? "-" : "";
        var mantissa = shortest[sign.Length..];
        var e = mantissa.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(mantissa[(e + 1)..], CultureInfo.InvariantCulture);
        mantissa = e < 0 ? mantissa : mantissa[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? mantissa : mantissa[..dot];
        var digits = whole + (dot < 0 ? "" : mantissa[(dot + 1)..]);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return digits.Length == 0 ? (sign, "0", 1) : (sign, digits, whole.Length + exponent - leading);
    }
}
