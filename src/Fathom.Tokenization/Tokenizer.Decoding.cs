using Fathom.Tokenization.Text;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    /// <summary>How many different ids have a token, added ones included.</summary>
    public int VocabularySize => _parts.Model.Vocabulary.Count + _added.All.Count(token => !_parts.Model.Vocabulary.Has(token.Id));

    /// <summary>The added tokens, by id.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _added.All;

    /// <summary>Truncation and padding as the file's own blocks ask for them; nothing applies them unless they are passed to a call.</summary>
    public EncodeOptions FileOptions => new() { Truncation = _parts.Truncation, Padding = _parts.Padding };

    /// <summary>The token of an id as the vocabulary spells it, or <see langword="null"/> if the id has none.</summary>
    public string? IdToToken(int id) => _added.Find(id)?.Content ?? _parts.Model.Vocabulary.TokenOf(id);

    /// <summary>The id of a token as the vocabulary spells it, or <see langword="null"/> if there is no such token.</summary>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _added.Find(token)?.Id ?? (_parts.Model.Vocabulary.IdOf(token) is >= 0 and var id ? id : null);
    }

    /// <summary>Turns ids back into text. Ids without a token add nothing; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">The ids, <c>[pos]</c>.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var token = _added.Find(id) is { } added ? _added.Spelling(added) : _parts.Model.Vocabulary.TokenOf(id);
            // Whether it is special goes by the text, so one whose normalized text differs is not skipped; the reference does the same.
            if (token is not null && !(skipSpecialTokens && _added.Find(token) is { Special: true }))
            {
                tokens.Add(token);
            }
        }

        return _parts.Decoder is { } decoder ? string.Concat(decoder.Apply(tokens)) : string.Join(' ', tokens);
    }

    /// <summary>Turns ids back into text. Ids without a token add nothing; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">The ids, <c>[pos]</c>.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Decode([.. ids], skipSpecialTokens);
    }

    /// <summary>A token as a plot shows it: white space visible, raw bytes in hex, <c>&lt;id 505&gt;</c> for an id without a token.</summary>
    public string DisplayName(int id) => TokenNames.Display(id, IdToToken(id), _added.Find(id) is not null, _parts.Decoder);
}
