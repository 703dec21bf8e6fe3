using System.Buffers;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.AddedTokens;

/// <summary>Finds added tokens in a text: leftmost, then longest.</summary>
/// <remarks>
/// A longest match that fails its single-word test is given up; shorter ones at that place are not tried. Texts without any
/// first character of a token are passed over by a vector search.
/// </remarks>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<AddedToken?> _accepts = [null];
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">Texts to look for; of two equal ones the first counts.</param>
    public AddedTokenMatcher(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        var firsts = new HashSet<char>();
        foreach (var (content, token) in tokens)
        {
            if (content.Length == 0)
            {
                continue;
            }

            firsts.Add(content[0]);
            var node = 0;
            foreach (var c in content)
            {
                if (!_edges.TryGetValue((node, c), out var next))
                {
                    _edges[(node, c)] = next = _accepts.Count;
                    _accepts.Add(null);
                }

                node = next;
            }

            _accepts[node] ??= token;
        }

        IsEmpty = firsts.Count == 0;
        _firsts = SearchValues.Create([.. firsts]);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty { get; }

    /// <summary>Finds the next token at or after <paramref name="from"/>; the match keeps to the token's own text.</summary>
    public bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end, out AddedToken token)
    {
        for (start = from; start < text.Length; start++)
        {
            var skip = text[start..].IndexOfAny(_firsts);
            if (skip < 0)
            {
                break;
            }

            start += skip;
            if (Longest(text, start, out end) is { } found)
            {
                token = found;
                return true;
            }
        }

        (start, end, token) = (text.Length, text.Length, null!);
        return false;
    }

    /// <summary>Cuts a text into matches and what lies between, in order; the spans may overlap where strips take what a match needs.</summary>
    public List<Segment> Cut(ReadOnlySpan<char> text)
    {
        List<Segment> segments = [];
        var done = 0;
        for (var from = 0; TryNext(text, from, out var start, out var end, out var token);)
        {
            from = end;
            if (token.SingleWord && (WordCharacters.Ends(text[..start]) || WordCharacters.Begins(text[end..])))
            {
                continue;
            }

            if (token.StripLeft)
            {
                start = Math.Max(text[..start].TrimEnd().Length, done);
            }

            if (token.StripRight)
            {
                end = text.Length - text[end..].TrimStart().Length;
            }

            if (done < start)
            {
                segments.Add(new Segment(done, start, null));
            }

            segments.Add(new Segment(start, end, token));
            done = end;
        }

        if (done < text.Length)
        {
            segments.Add(new Segment(done, text.Length, null));
        }

        return segments;
    }

    private AddedToken? Longest(ReadOnlySpan<char> text, int start, out int end)
    {
        AddedToken? best = null;
        end = start;
        for (int at = start, node = 0; at < text.Length && _edges.TryGetValue((node, text[at]), out node);)
        {
            at++;
            if (_accepts[node] is { } token)
            {
                (best, end) = (token, at);
            }
        }

        return best;
    }

    /// <summary>A part of a text.</summary>
    /// <param name="Start">First UTF-16 unit.</param>
    /// <param name="End">First unit after.</param>
    /// <param name="Token">The token it is, or <see langword="null"/> for text between tokens.</param>
    internal readonly record struct Segment(int Start, int End, AddedToken? Token);
}
