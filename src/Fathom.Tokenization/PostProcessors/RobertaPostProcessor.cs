using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary><c>&lt;s&gt; A &lt;/s&gt;</c>, <c>&lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;</c>, all of type 0, with white space taken out of offsets if asked to.</summary>
internal sealed class RobertaPostProcessor(int cls, int sep, bool trimOffsets, bool addPrefixSpace) : PostProcessor
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Func<int, string> token) => json.WriteBlock("RobertaProcessing", ("sep", PostProcessorJson.Token(sep, token)), ("cls", PostProcessorJson.Token(cls, token)), ("trim_offsets", trimOffsets), ("add_prefix_space", addPrefixSpace));

    /// <inheritdoc/>
    public override int AddedTokens(bool pair) => pair ? 4 : 2;

    /// <inheritdoc/>
    public override List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling)
    {
        List<TokenRow> result = [];
        for (var i = 0; i < rows.Count; i++)
        {
            if (trimOffsets)
            {
                OffsetTrimming.Apply(rows[i], addPrefixSpace, spelling);
            }

            rows[i].Assign(sequence: i, type: 0);
            if (addSpecialTokens)
            {
                result.Add(TokenRow.Special([i == 0 ? cls : sep], 0));
            }

            result.Add(rows[i]);
            if (addSpecialTokens)
            {
                result.Add(TokenRow.Special([sep], 0));
            }
        }

        return result;
    }
}
