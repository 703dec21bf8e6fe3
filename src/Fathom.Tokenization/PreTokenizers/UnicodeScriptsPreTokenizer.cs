using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts where the script changes; kana count as Han, a space belongs to either side.</summary>
internal sealed class UnicodeScriptsPreTokenizer : PreTokenizer
{
    private const byte Any = 0;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("UnicodeScripts");

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        var scalars = text.Scalars;
        // What comes before the first character with a script of its own is lost, as in the reference.
        int last = -1, start = -1;
        for (var i = 0; i < scalars.Length; i++)
        {
            var script = UnicodeData.Script[scalars[i]];
            if (script == Any)
            {
                continue;
            }

            if (last != Any && last != script)
            {
                if (start >= 0)
                {
                    output.Add(text.Slice(start, i));
                }

                start = i;
            }

            last = script;
        }

        if (start >= 0)
        {
            output.Add(text.Slice(start, scalars.Length));
        }
    }
}
