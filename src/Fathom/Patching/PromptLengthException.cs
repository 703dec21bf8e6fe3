using System.Globalization;
using System.Text;

namespace Fathom.Patching;

/// <summary>Thrown when the two prompts of a pair have different numbers of tokens. The message shows both tokenizations side by side.</summary>
public sealed class PromptLengthException : ArgumentException
{
    internal PromptLengthException(int pair, IReadOnlyList<string> from, IReadOnlyList<string> into)
        : base(Describe(pair, from, into))
    {
        Pair = pair;
        From = from;
        Into = into;
    }

    /// <summary>The index of the pair.</summary>
    public int Pair { get; }

    /// <summary>The tokens of the prompt patched from.</summary>
    public IReadOnlyList<string> From { get; }

    /// <summary>The tokens of the prompt patched into.</summary>
    public IReadOnlyList<string> Into { get; }

    private static string Describe(int pair, IReadOnlyList<string> from, IReadOnlyList<string> into)
    {
        var prefix = 0;
        while (prefix < Math.Min(from.Count, into.Count) && from[prefix] == into[prefix])
        {
            prefix++;
        }

        var suffix = 0;
        while (suffix < Math.Min(from.Count, into.Count) - prefix && from[^(suffix + 1)] == into[^(suffix + 1)])
        {
            suffix++;
        }

        List<(string From, string Into, bool Same)> rows = [];
        rows.AddRange(from.Take(prefix).Select(t => (Show(t), Show(t), true)));
        for (var i = prefix; i < Math.Max(from.Count, into.Count) - suffix; i++)
        {
            rows.Add((i < from.Count - suffix ? Show(from[i]) : "-", i < into.Count - suffix ? Show(into[i]) : "-", false));
        }

        rows.AddRange(from.Skip(from.Count - suffix).Select(t => (Show(t), Show(t), true)));
        var width = Math.Max(4, rows.Max(r => r.From.Length));
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Pair {pair} has prompts of different lengths: From is {from.Count} tokens and Into {into.Count}, so position by position patching has no meaning. Choose words with the same number of tokens. Aligned at both ends:");
        text.Append(CultureInfo.InvariantCulture, $"\n    {"From".PadRight(width)}  Into");
        foreach (var (left, right, same) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {(same ? " " : "*")} {left.PadRight(width)}  {right}");
        }

        return text.ToString();
    }

    private static string Show(string token) => $"'{token.Replace("\n", "\\n", StringComparison.Ordinal)}'";
}
