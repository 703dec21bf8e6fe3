using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Models;

/// <summary>The most probable cut of a piece into tokens, each with a log-probability of its own.</summary>
/// <remarks>
/// Viterbi in double precision; of equal scores the earlier start wins. Unknown characters score ten nats below the least token, and
/// neighbours fuse. SentencePiece itself breaks ties otherwise. Source: Kudo 2018 (arXiv:1804.10959).
/// </remarks>
internal sealed class UnigramModel : Model
{
    private const double UnkPenalty = 10;
    private readonly double[] _scores;
    private readonly PieceTrie _trie = new();
    private readonly int[]? _byteTokens;
    private readonly int _unk;
    private readonly bool _byteFallback;
    private readonly double _unkScore;

    /// <param name="vocabulary">Ids are places in <paramref name="scores"/>.</param>
    /// <param name="scores">Log-probabilities in nats, by id.</param>
    /// <param name="unk">The unknown token's id, -1 if there is none.</param>
    /// <param name="byteFallback">Unknown text becomes byte tokens if all of its exist.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int unk, bool byteFallback)
        : base("Unigram", vocabulary)
    {
        (_scores, _unk, _byteFallback) = (scores, unk, byteFallback);
        _unkScore = scores.DefaultIfEmpty(0).Min() - UnkPenalty;
        _byteTokens = byteFallback ? ByteTokens.Of(vocabulary) : null;
        foreach (var id in vocabulary.Ids)
        {
            _trie.Add(vocabulary.Utf8(id), id);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock(Kind, ("unk_id", _unk < 0 ? null : _unk), ("vocab", UnigramJson.Writing(Vocabulary, _scores)), ("byte_fallback", _byteFallback));

    /// <inheritdoc/>
    public override string? UnkToken => _unk < 0 ? null : Vocabulary.TokenOf(_unk);

    /// <inheritdoc/>
    public override void Tokenize(ReadOnlySpan<byte> piece, TokenBuffer output, Workspace workspace)
    {
        var best = new Node[piece.Length + 1];
        FindPaths(piece, best);
        var cuts = new List<int>();
        for (var end = piece.Length; end > 0;)
        {
            var start = best[end].Start - 1;
            while (_unk >= 0 && best[end].Id == _unk && start > 0 && best[start].Id == _unk)
            {
                start = best[start].Start - 1;
            }

            cuts.Add(start);
            end = start;
        }

        for (var i = cuts.Count - 1; i >= 0; i--)
        {
            Add(piece, cuts[i], i == 0 ? piece.Length : cuts[i - 1], output);
        }
    }

    private void FindPaths(ReadOnlySpan<byte> piece, Span<Node> best)
    {
        for (var start = 0; start < piece.Length;)
        {
            var character = Math.Min(Length(piece[start]), piece.Length - start);
            var score = best[start].Score;
            var single = false;
            for (int at = start, node = 0; at < piece.Length && (node = _trie.Next(node, piece[at])) != 0;)
            {
                at++;
                if (_trie.Value(node) is >= 0 and var id)
                {
                    Offer(ref best[at], score + _scores[id], id, start);
                    single |= at - start == character;
                }
            }

            if (!single)
            {
                if (_unk < 0)
                {
                    throw new TokenizationException(Kind, $"\"{System.Text.Encoding.UTF8.GetString(piece.Slice(start, character))}\" is not in the vocabulary, and the file names no unknown token (unk_id).");
                }

                Offer(ref best[start + character], score + _unkScore, _unk, start);
            }

            start += character;
        }
    }

    private void Add(ReadOnlySpan<byte> piece, int start, int end, TokenBuffer output)
    {
        var text = piece[start..end];
        if (Vocabulary.IdOf(text) is >= 0 and var id)
        {
            output.Add(id, start, end);
            return;
        }

        if (_byteTokens is not null && HasAllBytes(text))
        {
            foreach (var b in text)
            {
                output.Add(_byteTokens[b], start, end);
            }

            return;
        }

        output.Add(_unk, start, end);
    }

    private bool HasAllBytes(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (_byteTokens![b] < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Offer(ref Node node, double score, int id, int start)
    {
        if (node.Start == 0 || score > node.Score)
        {
            node = new Node(score, id, start + 1);
        }
    }

    private static int Length(byte lead) => lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    /// <summary>The best way to a place; <see cref="Start"/> is one more than where its last token begins, 0 for no way yet.</summary>
    private readonly record struct Node(double Score, int Id, int Start);
}
