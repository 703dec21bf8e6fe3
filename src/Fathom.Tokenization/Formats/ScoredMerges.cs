using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Formats;

/// <summary>
/// The merges of a vocabulary that has scores instead: every split of a token into two tokens, the best score first, then the
/// longer left part, then the longer right part, then in order of ids. Another order changes the tokens of runs of spaces.
/// </summary>
internal static class ScoredMerges
{
    private const int LongestToken = 512;

    /// <summary>Builds the table.</summary>
    /// <exception cref="TokenizerFormatException">A token is so long that finding its splits would take for ever.</exception>
    public static MergeTable Build(Vocabulary vocabulary, int count, Func<int, string> token, double[] scores, string source)
    {
        List<(double Score, int LeftLength, int RightLength, int Left, int Right, int Merged)> merges = [];
        for (var id = 0; id < count; id++)
        {
            if (token(id).Length > LongestToken)
            {
                throw new TokenizerFormatException(source, $"token {id}", $"the token has {token(id).Length} characters; the longest supported here has {LongestToken}.");
            }
            merges.AddRange(Splits(vocabulary, System.Text.Encoding.UTF8.GetBytes(token(id)))
                .Select(s => (scores[id], s.LeftLength, s.RightLength, s.Left, s.Right, id)).OrderBy(s => s.Left).ThenBy(s => s.Right));
        }
        MergeTable table = new(merges.Count);
        var rank = 0;
        foreach (var merge in merges.OrderByDescending(m => m.Score).ThenByDescending(m => m.LeftLength).ThenByDescending(m => m.RightLength))
        {
            table.Add(merge.Left, merge.Right, rank++, merge.Merged);
        }
        return table;
    }

    private static List<(int LeftLength, int RightLength, int Left, int Right)> Splits(Vocabulary vocabulary, byte[] token)
    {
        List<(int, int, int, int)> splits = [];
        var length = token.Count(IsLead);
        var at = 0;
        for (var cut = 1; cut < token.Length; cut++)
        {
            if (!IsLead(token[cut]))
            {
                continue;
            }
            at++;
            var left = vocabulary.IdOf(token.AsSpan(0, cut));
            var right = left < 0 ? -1 : vocabulary.IdOf(token.AsSpan(cut));
            if (right >= 0)
            {
                splits.Add((at, length - at, left, right));
            }
        }
        return splits;
    }

    private static bool IsLead(byte b) => (b & 0xC0) != 0x80;
}
