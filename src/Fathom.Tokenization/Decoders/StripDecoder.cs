using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Decoders;

/// <summary>Takes up to so many of a character off the ends of every token.</summary>
internal sealed class StripDecoder(int content, int start, int stop) : Decoder
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Strip", ("content", new Rune(content).ToString()), ("start", start), ("stop", stop));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        var scalars = token.EnumerateRunes().ToArray();
        var from = 0;
        while (from < start && from < scalars.Length && scalars[from].Value == content)
        {
            from++;
        }

        var to = scalars.Length;
        for (var i = 0; i < stop; i++)
        {
            var at = scalars.Length - i - 1;
            if (at < 0)
            {
                throw new TokenizationException("Strip", $"The token \"{token}\" has fewer characters than are to be stripped; the reference stops here too.");
            }

            if (scalars[at].Value != content)
            {
                break;
            }

            to = at;
        }

        if (to < from)
        {
            throw new TokenizationException("Strip", $"The token \"{token}\" is stripped from both ends further than it is long; the reference stops here too.");
        }

        var text = new StringBuilder();
        foreach (var rune in scalars[from..to])
        {
            text.Append(rune.ToString());
        }

        return text.ToString();
    }
}
