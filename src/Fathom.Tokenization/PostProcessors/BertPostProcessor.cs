using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary><c>[CLS] A [SEP]</c>, <c>[CLS] A [SEP] B [SEP]</c>.</summary>
internal sealed class BertPostProcessor(int cls, int sep) : PostProcessor
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Func<int, string> token) => json.WriteBlock("BertProcessing", ("sep", PostProcessorJson.Token(sep, token)), ("cls", PostProcessorJson.Token(cls, token)));

    /// <inheritdoc/>
    public override int AddedTokens(bool pair) => pair ? 3 : 2;

    /// <inheritdoc/>
    public override List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling)
    {
        Number(rows);
        if (!addSpecialTokens)
        {
            return rows;
        }

        List<TokenRow> result = [];
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 0)
            {
                result.Add(TokenRow.Special([cls], 0));
            }

            result.Add(rows[i]);
            result.Add(TokenRow.Special([sep], i));
        }

        return result;
    }
}
