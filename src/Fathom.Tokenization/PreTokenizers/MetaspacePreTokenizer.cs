using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Turns spaces into a visible mark (usually U+2581) and cuts before each mark.</summary>
internal sealed class MetaspacePreTokenizer(int mark, PrependScheme scheme, bool split) : PreTokenizer
{
    private readonly string _mark = new Rune(mark).ToString();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Metaspace", ("replacement", _mark), ("prepend_scheme", scheme.ToString().ToLowerInvariant()), ("split", split));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        text.Replace(scalar => scalar == ' ' ? mark : scalar);
        var prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.OriginalStart == 0);
        if (prepends && text.Length > 0 && text.Scalars[0] != mark)
        {
            PrependNormalizer.Prepend(text, _mark);
        }

        if (split)
        {
            Cutting.Apply(text, Cutting.At(text.Scalars, scalar => scalar == mark), SplitBehavior.MergedWithNext, output);
        }
        else
        {
            output.Add(text);
        }
    }
}
