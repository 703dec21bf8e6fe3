using System.Globalization;
using System.Text;
using Decoder = Fathom.Tokenization.Decoders.Decoder;
using Fathom.Tokenization.Decoders;

namespace Fathom.Tokenization.Text;

/// <summary>Writes tokens so that people can tell them apart in a plot.</summary>
internal static class TokenNames
{
    /// <summary>A token's name.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="token">Its text, if it has one.</param>
    /// <param name="added">Whether it is an added token, shown as it is.</param>
    /// <param name="decoder">What turns tokens into text.</param>
    public static string Display(int id, string? token, bool added, Decoder? decoder)
    {
        if (token is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"<id {id}>");
        }

        if (added || decoder is not ByteLevelDecoder)
        {
            return Show(token.Replace('\u2581', ' '));
        }

        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = ByteAlphabet.ToByte(token[i]);
            if (value < 0)
            {
                return Show(token);
            }

            bytes[i] = (byte)value;
        }

        return Show(bytes);
    }

    // Whole characters are shown as text, bytes of broken ones as <0xNN>.
    private static string Show(ReadOnlySpan<byte> bytes)
    {
        var name = new StringBuilder();
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                Append(name, rune);
            }
            else
            {
                used = 1;
                name.Append(CultureInfo.InvariantCulture, $"<0x{bytes[0]:X2}>");
            }

            bytes = bytes[used..];
        }

        return name.ToString();
    }

    private static string Show(string text)
    {
        var name = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            Append(name, rune);
        }

        return name.ToString();
    }

    private static void Append(StringBuilder name, Rune rune)
    {
        _ = rune.Value switch
        {
            ' ' => name.Append('·'),
            '\n' => name.Append('↵'),
            '\r' => name.Append('␍'),
            '\t' => name.Append('⇥'),
            _ when Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => name.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>"),
            _ => name.Append(rune.ToString()),
        };
    }
}
