namespace Fathom.Tokenization.Models;

/// <summary>The ids of the tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class ByteTokens
{
    /// <summary>The id for each byte, -1 where the vocabulary has none.</summary>
    public static int[] Of(Vocabulary vocabulary)
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++)
        {
            ids[b] = vocabulary.IdOf($"<0x{b:X2}>");
        }

        return ids;
    }

    /// <summary>The byte that a token stands for, or -1. As in the reference, anything that parses as one or two hex digits after <c>0x</c> counts.</summary>
    public static int ByteOf(string token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
        {
            return -1;
        }

        var text = token.AsSpan(3, 2);
        // "+A" parses as a number in the reference, whose reader takes a sign.
        if (text[0] == '+')
        {
            text = text[1..];
        }

        return byte.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : -1;
    }
}
