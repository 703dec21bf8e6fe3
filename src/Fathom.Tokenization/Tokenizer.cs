using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fathom.Tokenization.AddedTokens;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization;

/// <summary>Turns text into token ids and back, exactly as the tokenizer's file says.</summary>
/// <remarks>
/// Immutable and safe to use from several threads. A lone surrogate in a text is read as U+FFFD. Nothing is ever truncated or
/// padded unless the options say so.
/// </remarks>
public sealed partial class Tokenizer
{
    private readonly TokenizerParts _parts;
    private readonly AddedTokenSet _added;
    private readonly Pipeline _pipeline;
    private readonly WorkspacePool _workspaces = new();

    internal Tokenizer(TokenizerParts parts)
        : this(parts, fast: true)
    {
    }

    internal Tokenizer(TokenizerParts parts, bool fast)
    {
        _parts = parts;
        _added = new AddedTokenSet(parts.Source, parts.AddedTokens, parts.Model, parts.Normalizer);
        _pipeline = new Pipeline(parts, _added, fast ? BytePaths.For(parts) : null);
        var (before, after) = SpecialFrame.Of(parts.PostProcessor);
        (PrefixIds, SuffixIds) = ([.. before], [.. after]);
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether the file's template puts its special tokens around the text.</param>
    /// <exception cref="TokenizationException">The text has no tokens under this vocabulary.</exception>
    public Encoding Encode(string text, bool addSpecialTokens = true) =>
        Encode(text, addSpecialTokens ? EncodeOptions.Default : WithoutSpecialTokens);

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Special tokens, truncation and padding.</param>
    /// <exception cref="TokenizationException">The text has no tokens under this vocabulary, or a length rule cannot be met.</exception>
    public Encoding Encode(string text, EncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        return Finish([[text]], words: false, options);
    }

    /// <summary>Encodes two texts as one sequence, as the file's template joins them.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="options">Special tokens, truncation and padding; the default if <see langword="null"/>.</param>
    /// <exception cref="TokenizationException">A text has no tokens under this vocabulary, or a length rule cannot be met.</exception>
    public Encoding EncodePair(string first, string second, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Finish([[first], [second]], words: false, options ?? EncodeOptions.Default);
    }

    /// <summary>Encodes a text that is already cut into words; offsets count from the beginning of each word.</summary>
    /// <param name="words">The words, each tokenized on its own.</param>
    /// <param name="options">Special tokens, truncation and padding; the default if <see langword="null"/>.</param>
    /// <exception cref="TokenizationException">A word has no tokens under this vocabulary, or a length rule cannot be met.</exception>
    public Encoding EncodeWords(IReadOnlyList<string> words, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return Finish([[.. words]], words: true, options ?? EncodeOptions.Default);
    }

    /// <summary>Encodes many texts in parallel; the result is the same as one by one.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Special tokens, truncation and padding (to the longest of the batch if no length is given).</param>
    /// <exception cref="TokenizationException">A text has no tokens under this vocabulary, or a length rule cannot be met.</exception>
    public ImmutableArray<Encoding> EncodeBatch(IReadOnlyList<string> texts, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return EncodeAll([.. texts.Select(text => new[] { new[] { text } })], options ?? EncodeOptions.Default);
    }

    /// <summary>Encodes many pairs of texts in parallel; the result is the same as one by one.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="options">Special tokens, truncation and padding (to the longest of the batch if no length is given).</param>
    /// <exception cref="TokenizationException">A text has no tokens under this vocabulary, or a length rule cannot be met.</exception>
    public ImmutableArray<Encoding> EncodeBatch(IReadOnlyList<(string First, string Second)> pairs, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return EncodeAll([.. pairs.Select(pair => new[] { new[] { pair.First }, new[] { pair.Second } })], options ?? EncodeOptions.Default);
    }

    /// <summary>Only the ids of a text: the fastest way.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether the file's template puts its special tokens around the text.</param>
    /// <exception cref="TokenizationException">The text has no tokens under this vocabulary.</exception>
    public int[] EncodeToIds(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        var workspace = _workspaces.Rent();
        try
        {
            _pipeline.Encode(WellFormed(text), workspace, null);
            return addSpecialTokens && (PrefixIds.Length > 0 || SuffixIds.Length > 0)
                ? [.. PrefixIds, .. workspace.Ids, .. SuffixIds]
                : workspace.Ids.ToArray();
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    private static EncodeOptions WithoutSpecialTokens { get; } = new() { AddSpecialTokens = false };

    private ImmutableArray<Encoding> EncodeAll(string[][][] inputs, EncodeOptions options)
    {
        var finished = new Encoding[inputs.Length];
        var unpadded = options with { Padding = null };
        var errors = new TokenizationException?[inputs.Length];
        Parallel.For(0, inputs.Length, i =>
        {
            try
            {
                finished[i] = Finish(inputs[i], words: false, unpadded);
            }
            catch (TokenizationException error)
            {
                errors[i] = error;
            }
        });
        if (Array.Find(errors, error => error is not null) is { } first)
        {
            throw first; // The same one as one by one.
        }

        if (options.Padding is { } padding)
        {
            var length = padding.Length ?? finished.Select(encoding => encoding.Length).DefaultIfEmpty(0).Max();
            for (var i = 0; i < finished.Length; i++)
            {
                finished[i] = PaddingRule.Apply(finished[i], this, padding, length);
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(finished);
    }

    private Encoding Finish(string[][] inputs, bool words, EncodeOptions options)
    {
        var rows = new List<TokenRow>();
        foreach (var input in inputs)
        {
            rows.Add(EncodeInput(input, words));
        }

        if (options.Truncation is { } truncation)
        {
            var added = options.AddSpecialTokens ? _parts.PostProcessor?.AddedTokens(rows.Count == 2) ?? 0 : 0;
            TruncationRule.Apply(rows, truncation, added);
        }

        var processed = _parts.PostProcessor?.Process(rows, options.AddSpecialTokens, Spelling) ?? PostProcessor.Number(rows);
        var encoding = RowJoin.Join(processed, this, inputs, words);
        return options.Padding is { } padding
            ? PaddingRule.Apply(encoding, this, padding, padding.Length ?? encoding.Length)
            : encoding;
    }

    private TokenRow EncodeInput(string[] texts, bool words)
    {
        var row = new TokenRow();
        var workspace = _workspaces.Rent();
        try
        {
            for (var i = 0; i < texts.Length; i++)
            {
                var before = row.Tokens.Count;
                _pipeline.Encode(WellFormed(texts[i]), workspace, row);
                for (var token = before; words && token < row.Tokens.Count; token++)
                {
                    row.Tokens[token] = row.Tokens[token] with { Word = i };
                }
            }
        }
        finally
        {
            _workspaces.Return(workspace);
        }

        return row;
    }

    private string Spelling(TokenEntry token) => token.Text ?? IdToToken(token.Id) ?? "";

    private static ReadOnlySpan<char> WellFormed(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        char[]? copy = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                copy ??= text.ToArray();
                copy[i] = '\uFFFD';
            }
        }

        return copy ?? text;
    }
}
