using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>BERT's cleaning: controls dropped, Chinese characters spaced, accents dropped, lower case; each by its switch.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805), as the reference implements it.</remarks>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("BertNormalizer", ("clean_text", cleanText), ("handle_chinese_chars", handleChineseChars), ("strip_accents", stripAccents), ("lowercase", lowercase));

    /// <inheritdoc/>
    public override void Apply(TextPiece text)
    {
        if (cleanText)
        {
            text.Filter(scalar => !UnicodeData.BertControl.Contains(scalar));
            text.Replace(scalar => UnicodeData.IsSpace(scalar) ? ' ' : scalar);
        }

        if (handleChineseChars)
        {
            SpaceChinese(text);
        }

        if (stripAccents)
        {
            UnicodeNormalizer.Apply(text, compatible: false, compose: false);
            text.Filter(scalar => scalar < 0x300 || !UnicodeData.BertMark.Contains(scalar));
        }

        if (lowercase)
        {
            LowercaseNormalizer.Lower(text);
        }
    }

    private static void SpaceChinese(TextPiece text)
    {
        var builder = new TextPieceBuilder(text.Length);
        var scalars = text.Scalars;
        for (var i = 0; i < scalars.Length; i++)
        {
            var (start, end) = (text.Start(i), text.End(i));
            var chinese = IsChinese(scalars[i]);
            if (chinese)
            {
                builder.Add(' ', start, end);
            }

            builder.Add(scalars[i], start, end);
            if (chinese)
            {
                builder.Add(' ', start, end);
            }
        }

        text.Take(builder);
    }

    // Block E begins at 2B920 in the reference, not at 2B820; models were trained with that.
    private static bool IsChinese(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
