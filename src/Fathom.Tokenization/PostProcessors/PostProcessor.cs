using System.Text.Json;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Puts special tokens around texts, and sets type ids and offsets.</summary>
internal abstract class PostProcessor
{
    /// <summary>How many special tokens are added to one text or to a pair.</summary>
    public abstract int AddedTokens(bool pair);

    /// <summary>Processes one text or a pair, each still a row of its own.</summary>
    /// <param name="rows">One row or two; used up.</param>
    /// <param name="addSpecialTokens">Whether special tokens are put in.</param>
    /// <param name="spelling">A token's text.</param>
    public abstract List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling);

    /// <summary>What happens where the file has no post-processor: the texts follow each other, numbered.</summary>
    public static List<TokenRow> Number(List<TokenRow> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Assign(sequence: i, type: i);
        }

        return rows;
    }

    /// <summary>Writes the step as <c>tokenizer.json</c> has it.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="token">The token of an id.</param>
    public abstract void Write(Utf8JsonWriter json, Func<int, string> token);
}
