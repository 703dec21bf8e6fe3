using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Replaces every match of a pattern by a text, literally.</summary>
internal sealed class ReplaceNormalizer(Pattern pattern, string content) : Normalizer
{
    private readonly int[] _content = [.. content.EnumerateRunes().Select(rune => rune.Value)];

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Replace", ("pattern", PatternJson.Writing(pattern)), ("content", content));

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => Replace(text, pattern, _content);

    /// <summary>Replaces in a piece; the content counts as part of the last character that went.</summary>
    public static void Replace(TextPiece text, Pattern pattern, ReadOnlySpan<int> content)
    {
        if (text.Length == 0)
        {
            return;
        }

        var parts = pattern.Cut(text.Scalars);
        if (!parts.Exists(part => part.IsMatch))
        {
            return;
        }

        var builder = new TextPieceBuilder(text.Length);
        foreach (var part in parts)
        {
            if (!part.IsMatch)
            {
                text.Append(builder, part.Start, part.End);
                continue;
            }

            var (start, end) = part.End < 1 ? (text.OriginalStart, text.OriginalStart) : (text.Start(part.End - 1), text.End(part.End - 1));
            foreach (var scalar in content)
            {
                builder.Add(scalar, start, end);
            }
        }

        text.Take(builder);
    }
}
