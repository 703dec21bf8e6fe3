using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Models;

/// <summary>A piece is a token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unkToken) : Model("WordLevel", vocabulary)
{
    private readonly int _unk = vocabulary.IdOf(unkToken);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock(Kind, ("vocab", VocabularyJson.Writing(Vocabulary)), ("unk_token", unkToken));

    /// <inheritdoc/>
    public override string? UnkToken => unkToken;

    /// <inheritdoc/>
    public override void Tokenize(ReadOnlySpan<byte> piece, TokenBuffer output, Workspace workspace)
    {
        var id = Vocabulary.IdOf(piece) is >= 0 and var found ? found : _unk;
        if (id < 0)
        {
            throw new TokenizationException(Kind, $"\"{System.Text.Encoding.UTF8.GetString(piece)}\" is not in the vocabulary, and neither is the unknown token \"{unkToken}\".");
        }

        output.Add(id, 0, piece.Length);
    }
}
