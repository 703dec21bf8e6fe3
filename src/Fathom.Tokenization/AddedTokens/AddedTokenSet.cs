using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.AddedTokens;

/// <summary>All added tokens of a tokenizer: by id, by text, and in the two passes that look for them.</summary>
internal sealed class AddedTokenSet
{
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, AddedToken> _byContent = [];
    private readonly Dictionary<int, string> _spelling = [];

    public AddedTokenSet(string source, IReadOnlyList<AddedToken> tokens, Model model, Normalizer? normalizer)
    {
        // The vocabulary's size, not its largest id, is where the reference starts to count.
        var next = model.Vocabulary.Count;
        var highest = -1;
        var kept = new List<AddedToken>();
        foreach (var token in tokens)
        {
            if (token.Content.Length == 0 || (_byContent.TryGetValue(token.Content, out var same) && same == token))
            {
                continue;
            }

            var expected = same?.Id ?? model.Vocabulary.IdOf(token.Content);
            expected = expected >= 0 ? expected : highest >= next || next == 0 ? highest + 1 : next;
            if (expected != token.Id)
            {
                throw new TokenizerFormatException(source, "added_tokens", $"\"{token.Content}\" says its id is {token.Id}, but the vocabulary and the order of the list give {expected}. Put the list in order of ids, without holes.");
            }

            highest = Math.Max(highest, token.Id);
            _byId[token.Id] = token;
            _byContent[token.Content] = token;
            kept.RemoveAll(other => other.Content == token.Content);
            kept.Add(token);
        }

        // The reference looks at special tokens first; of equal texts the first counts.
        var ordered = kept.Where(token => token.Special).Concat(kept.Where(token => !token.Special)).ToList();
        Raw = new AddedTokenMatcher(ordered.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        foreach (var token in ordered.Where(token => token.Normalized))
        {
            _spelling[token.Id] = Normalize(token.Content, normalizer);
        }

        Normalized = new AddedTokenMatcher(ordered.Where(token => token.Normalized).Select(token => (_spelling[token.Id], token)));
        All = [.. _byId.Values.OrderBy(token => token.Id)];
    }

    /// <summary>Every token, by id.</summary>
    public IReadOnlyList<AddedToken> All { get; }

    /// <summary>Looks in the raw text.</summary>
    public AddedTokenMatcher Raw { get; }

    /// <summary>Looks in the normalized text.</summary>
    public AddedTokenMatcher Normalized { get; }

    /// <summary>The token of an id.</summary>
    public AddedToken? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The token of a text.</summary>
    public AddedToken? Find(string content) => _byContent.GetValueOrDefault(content);

    /// <summary>A token's text as decoding sees it: normalized if it is looked for in normalized text.</summary>
    public string Spelling(AddedToken token) => _spelling.GetValueOrDefault(token.Id, token.Content);

    private static string Normalize(string content, Normalizer? normalizer)
    {
        if (normalizer is null)
        {
            return content;
        }

        var text = TextPiece.Of(content);
        normalizer.Apply(text);
        return text.ToString();
    }
}
