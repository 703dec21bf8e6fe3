using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Numbers as written in a template.</summary>
internal static class Literals
{
    private const int LongestNumber = 4_300;

    /// <summary>The value of a number.</summary>
    public static object Number(Token token, SyntaxErrors errors)
    {
        var text = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (text.Length > LongestNumber)
        {
            throw errors.At(token.At, $"a number of {text.Length} digits", fault: ChatTemplateFault.Limit);
        }
        if (token.Kind == TokenKind.Float)
        {
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        var bits = text.Length > 1 ? char.ToLowerInvariant(text[1]) switch { 'x' => 4, 'o' => 3, 'b' => 1, _ => 0 } : 0;
        return bits == 0 ? BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : text[2..].Aggregate(BigInteger.Zero, (n, c) => (n << bits) + Convert.ToInt32(c.ToString(), 16)) is var value && value.GetBitLength() <= Numbers.MaxBits ? value
            : throw errors.At(token.At, "a number that is too long", fault: ChatTemplateFault.Limit);
    }
}
