using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>What a post-processor puts around one text.</summary>
internal static class SpecialFrame
{
    /// <summary>The ids before and after the text.</summary>
    public static (int[] Before, int[] After) Of(PostProcessor? processor)
    {
        if (processor is null)
        {
            return ([], []);
        }

        var text = new TokenRow { Tokens = [new TokenEntry(-1, 0, 0)] };
        var tokens = processor.Process([text], addSpecialTokens: true, _ => "").SelectMany(row => row.Tokens).ToList();
        var at = tokens.FindIndex(token => token.Id == -1);
        return at < 0
            ? ([], [])
            : ([.. tokens.Take(at).Select(token => token.Id)], [.. tokens.Skip(at + 1).Select(token => token.Id).Where(id => id >= 0)]);
    }
}
