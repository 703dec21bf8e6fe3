using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Models;

/// <summary>The longest token first, again and again; a word that cannot be covered is unknown as a whole.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
internal sealed class WordPieceModel(Vocabulary vocabulary, string unkToken, string prefix, int maxCharacters) : Model("WordPiece", vocabulary)
{
    private readonly int _unk = vocabulary.IdOf(unkToken);
    private readonly byte[] _prefix = System.Text.Encoding.UTF8.GetBytes(prefix);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock(Kind, ("unk_token", unkToken), ("continuing_subword_prefix", prefix), ("max_input_chars_per_word", maxCharacters), ("vocab", VocabularyJson.Writing(Vocabulary)));

    /// <inheritdoc/>
    public override string? UnkToken => unkToken;

    /// <inheritdoc/>
    public override void Tokenize(ReadOnlySpan<byte> piece, TokenBuffer output, Workspace workspace)
    {
        if (Characters(piece) > maxCharacters)
        {
            AddUnknown(piece, output);
            return;
        }

        // The prefix stands before the rest of the word, so that every candidate is a slice.
        var word = workspace.Bytes(_prefix.Length + piece.Length).AsSpan(0, _prefix.Length + piece.Length);
        _prefix.CopyTo(word);
        piece.CopyTo(word[_prefix.Length..]);
        var before = output.Count;
        for (var start = 0; start < piece.Length;)
        {
            if (start > 0)
            {
                _prefix.CopyTo(word[start..]);
            }

            var from = start > 0 ? start : _prefix.Length;
            var end = piece.Length;
            var id = -1;
            while (end > start && (id = Vocabulary.IdOf(word[from..(_prefix.Length + end)])) < 0)
            {
                do
                {
                    end--;
                }
                while (end > start && (piece[end] & 0xC0) == 0x80);
            }

            if (id < 0)
            {
                output.Truncate(before);
                AddUnknown(piece, output);
                return;
            }

            output.Add(id, start, end);
            start = end;
        }
    }

    private void AddUnknown(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        if (_unk < 0)
        {
            throw new TokenizationException(Kind, $"\"{System.Text.Encoding.UTF8.GetString(piece)}\" is unknown, and the unknown token \"{unkToken}\" is not in the vocabulary.");
        }

        output.Add(_unk, 0, piece.Length);
    }

    private static int Characters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
