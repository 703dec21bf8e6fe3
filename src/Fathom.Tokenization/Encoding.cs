using System.Collections.Immutable;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization;

/// <summary>A text as tokens, each with the place it came from.</summary>
public sealed class Encoding
{
    private readonly TokenEntry[] _tokens;
    private readonly Tokenizer _tokenizer;
    private readonly string[][] _inputs;
    private readonly bool _words;

    internal Encoding(Tokenizer tokenizer, string[][] inputs, bool words, TokenEntry[] tokens, IReadOnlyList<Encoding> overflow)
    {
        (_tokenizer, _inputs, _words, _tokens, Overflow) = (tokenizer, inputs, words, tokens, overflow);
    }

    /// <summary>How many tokens.</summary>
    public int Length => _tokens.Length;

    /// <summary>The ids, <c>[pos]</c>.</summary>
    public ImmutableArray<int> Ids => Once(ref field, token => token.Id);

    /// <summary>The tokens as the vocabulary spells them (byte-level vocabularies: one printable character per byte), <c>[pos]</c>.</summary>
    public ImmutableArray<string> Tokens => Once(ref field, token => _tokenizer.IdToToken(token.Id) ?? "");

    /// <summary>What each token covers, in Unicode scalars of its text, <c>[pos]</c>; <c>[0, 0)</c> for tokens of the template.</summary>
    public ImmutableArray<TextSpan> Offsets => Once(ref field, token => new TextSpan(token.Start, token.End));

    /// <summary>What each token covers, in UTF-16 units: what <see cref="string.Substring(int, int)"/> takes, <c>[pos]</c>.</summary>
    public ImmutableArray<TextSpan> Utf16Offsets => field.IsDefault ? field = Convert(OffsetMap.ToUtf16) : field;

    /// <summary>What each token covers, in UTF-8 bytes, <c>[pos]</c>.</summary>
    public ImmutableArray<TextSpan> Utf8Offsets => field.IsDefault ? field = Convert(OffsetMap.ToUtf8) : field;

    /// <summary>The segment id of each token (0 and 1 for the texts of a pair under BERT), <c>[pos]</c>.</summary>
    public ImmutableArray<int> TypeIds => Once(ref field, token => token.Type);

    /// <summary>The piece of text (or given word) each token belongs to; <see langword="null"/> for tokens of the template, <c>[pos]</c>.</summary>
    public ImmutableArray<int?> WordIds => Once(ref field, token => token.Word < 0 ? (int?)null : token.Word);

    /// <summary>0 for tokens of the first text, 1 for the second, <see langword="null"/> for neither, <c>[pos]</c>.</summary>
    public ImmutableArray<int?> SequenceIds => Once(ref field, token => token.Sequence < 0 ? (int?)null : token.Sequence);

    /// <summary>Whether the template or padding put the token there, <c>[pos]</c>.</summary>
    public ImmutableArray<bool> SpecialTokensMask => Once(ref field, token => token.Special);

    /// <summary>1 where a token counts, 0 for padding, <c>[pos]</c>.</summary>
    public ImmutableArray<int> AttentionMask => Once(ref field, token => token.Padding ? 0 : 1);

    /// <summary>The parts that truncation cut off, each an encoding of its own.</summary>
    public IReadOnlyList<Encoding> Overflow { get; }

    internal ReadOnlySpan<TokenEntry> Entries => _tokens;

    internal (string[][] Inputs, bool Words) Source => (_inputs, _words);

    private ImmutableArray<T> Once<T>(ref ImmutableArray<T> store, Func<TokenEntry, T> read)
    {
        if (store.IsDefault)
        {
            var values = new T[_tokens.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = read(_tokens[i]);
            }

            store = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(values);
        }

        return store;
    }

    private ImmutableArray<TextSpan> Convert(Func<string, OffsetMap> create)
    {
        var maps = new Dictionary<(int, int), OffsetMap>();
        var spans = ImmutableArray.CreateBuilder<TextSpan>(_tokens.Length);
        foreach (var token in _tokens)
        {
            if (token.Sequence < 0)
            {
                spans.Add(new TextSpan(0, 0));
                continue;
            }

            var key = (token.Sequence, _words ? token.Word : 0);
            if (!maps.TryGetValue(key, out var map))
            {
                maps[key] = map = create(_inputs[key.Sequence][key.Item2]);
            }

            spans.Add(new TextSpan(map[token.Start], map[token.End]));
        }

        return spans.MoveToImmutable();
    }
}
