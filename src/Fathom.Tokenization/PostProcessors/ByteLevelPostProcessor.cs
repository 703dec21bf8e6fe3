using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Takes white space out of what tokens cover, if asked to.</summary>
internal sealed class ByteLevelPostProcessor(bool addPrefixSpace, bool trimOffsets) : PostProcessor
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Func<int, string> token) => json.WriteBlock("ByteLevel", ("add_prefix_space", addPrefixSpace), ("trim_offsets", trimOffsets), ("use_regex", true));

    /// <inheritdoc/>
    public override int AddedTokens(bool pair) => 0;

    /// <inheritdoc/>
    public override List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling)
    {
        if (trimOffsets)
        {
            rows.ForEach(row => OffsetTrimming.Apply(row, addPrefixSpace, spelling));
        }

        return Number(rows);
    }
}
