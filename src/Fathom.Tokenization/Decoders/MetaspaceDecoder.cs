using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Decoders;

/// <summary>Turns marks back into spaces; the mark that began the first token was put there and goes.</summary>
internal sealed class MetaspaceDecoder(int mark, PrependScheme scheme) : Decoder
{
    private readonly string _mark = new Rune(mark).ToString();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Metaspace", ("replacement", _mark), ("prepend_scheme", scheme.ToString().ToLowerInvariant()), ("split", true));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            result.Add(i == 0 && scheme != PrependScheme.Never
                ? tokens[i].Replace(_mark, "", StringComparison.Ordinal)
                : tokens[i].Replace(_mark, " ", StringComparison.Ordinal));
        }

        return result;
    }
}
