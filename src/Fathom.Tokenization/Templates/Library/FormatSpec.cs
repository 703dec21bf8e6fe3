using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>How one value is laid out by <c>%</c> or <c>format</c>.</summary>
internal readonly record struct FormatSpec(char? Fill, char Align, char Sign, bool Alternate, int Width, bool Grouped, int Precision, char Type)
{
    private const int MostDigits = 1_000;

    /// <summary>Lays a text out.</summary>
    public string Pad(Rendering run, string prefix, string body, char defaultAlign)
    {
        var missing = Width - CodePoints.Count(run, prefix) - CodePoints.Count(run, body);
        var fill = (Fill ?? ' ').ToString();
        return (Align == '\0' ? defaultAlign : Align) switch
        {
            '<' => prefix + body + Padding.Fill(run, missing, fill),
            '^' => Padding.Fill(run, missing / 2, fill) + prefix + body + Padding.Fill(run, missing - (missing / 2), fill),
            '=' => prefix + Padding.Fill(run, missing, fill) + body,
            _ => Padding.Fill(run, missing, fill) + prefix + body,
        };
    }

    /// <summary>Text with a precision.</summary>
    public string Text(Rendering run, string text)
    {
        var cut = Precision >= 0 && Precision < CodePoints.Count(run, text) ? text[..CodePoints.OffsetOf(run, text, Precision)] : text;
        return Pad(run, "", cut, '<');
    }

    /// <summary>A whole number.</summary>
    public string Integer(Rendering run, BigInteger number)
    {
        var magnitude = BigInteger.Abs(number);
        var (prefix, digits) = Type switch
        {
            'x' => ("0x", Hex(magnitude)),
            'X' => ("0X", Hex(magnitude).ToUpperInvariant()),
            'o' => ("0o", InBase(magnitude, 3)),
            'b' => ("0b", InBase(magnitude, 1)),
            _ => ("", magnitude.ToString(CultureInfo.InvariantCulture)),
        };
        return Pad(run, SignOf(number.Sign < 0) + (Alternate ? prefix : ""), Group(digits.PadLeft(CheckedPrecision(run, 0), '0')), '>');
    }

    /// <summary>A float.</summary>
    public string Float(Rendering run, double number)
    {
        var places = CheckedPrecision(run, 6);
        var magnitude = Math.Abs(number);
        var text = char.ToLowerInvariant(Type) switch
        {
            'f' => FloatText.Fixed(magnitude, places),
            'e' => FloatText.Scientific(magnitude, places),
            'g' => FloatText.General(magnitude, places),
            '%' => FloatText.Fixed(magnitude * 100, places) + "%",
            _ => FloatText.Repr(magnitude),
        };
        text = char.IsUpper(Type) ? text.ToUpperInvariant() : text;
        return Pad(run, SignOf(double.IsNegative(number) && !double.IsNaN(number)), Group(text), '>');
    }

    private int CheckedPrecision(Rendering run, int ifAbsent) => Precision <= MostDigits
        ? Precision < 0 ? ifAbsent : Precision
        : throw run.Fail(ChatTemplateFault.Limit, $"a number format with more than {MostDigits:N0} digits", "Templates have no use for such numbers.");

    private string SignOf(bool negative) => negative ? "-" : Sign == '+' ? "+" : Sign == ' ' ? " " : "";

    private string Group(string digits)
    {
        if (!Grouped)
        {
            return digits;
        }
        var end = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        end = end < 0 ? digits.Length : end;
        for (var at = end - 3; at > 0; at -= 3)
        {
            digits = digits.Insert(at, ",");
        }
        return digits;
    }

    private static string Hex(BigInteger number) => number.IsZero ? "0" : number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    private static string InBase(BigInteger number, int bits)
    {
        List<char> digits = [];
        do
        {
            digits.Add((char)('0' + (int)(number & ((1 << bits) - 1))));
            number >>= bits;
        }
        while (!number.IsZero);
        digits.Reverse();
        return new string([.. digits]);
    }
}
