using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Pieces of word characters and pieces of others, white space dropped: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WhitespacePreTokenizer : PreTokenizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Whitespace");

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        List<Pattern.Match> parts = [];
        var scalars = text.Scalars;
        for (var start = 0; start < scalars.Length;)
        {
            var kind = Kind(scalars[start]);
            var end = start + 1;
            while (end < scalars.Length && Kind(scalars[end]) == kind)
            {
                end++;
            }

            parts.Add(new Pattern.Match(start, end, kind == 2));
            start = end;
        }

        Cutting.Apply(text, parts, SplitBehavior.Removed, output);
    }

    private static int Kind(int scalar) => UnicodeData.Word.Contains(scalar) ? 0 : UnicodeData.IsSpace(scalar) ? 2 : 1;
}
