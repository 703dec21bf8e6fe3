using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>What a run reads: a text, several texts, or token ids. It converts from each of them.</summary>
public sealed class ModelInput
{
    private readonly IReadOnlyList<string>? _texts;
    private readonly Tensor? _ids;
    private readonly long[]? _sequence;
    private readonly string? _second;

    private ModelInput(IReadOnlyList<string>? texts, Tensor? ids, long[]? sequence = null, string? second = null)
    {
        _second = second;
        _texts = texts;
        _ids = ids;
        _sequence = sequence;
    }

    /// <summary>Reads a text.</summary>
    public static implicit operator ModelInput(string text) => new([text ?? throw new ArgumentNullException(nameof(text))], null);

    /// <summary>Reads several texts, padded to the longest.</summary>
    public static implicit operator ModelInput(string[] texts) => new(texts ?? throw new ArgumentNullException(nameof(texts)), null);

    /// <summary>Reads token ids, <c>[batch, pos]</c> or <c>[pos]</c>.</summary>
    public static implicit operator ModelInput(Tensor ids) => new(null, ids ?? throw new ArgumentNullException(nameof(ids)));

    /// <summary>Reads the token ids of one sequence.</summary>
    public static implicit operator ModelInput(long[] ids) => new(null, null, ids ?? throw new ArgumentNullException(nameof(ids)));

    /// <summary>Reads the token ids of one sequence.</summary>
    public static implicit operator ModelInput(int[] ids) => (ids ?? throw new ArgumentNullException(nameof(ids))).Select(i => (long)i).ToArray();

    /// <summary>Two texts joined to one sequence as the tokenizer's template says, e.g. <c>[CLS] first [SEP] second [SEP]</c>, with their token types.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    public static ModelInput Pair(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new([first], null, second: second);
    }

    /// <summary>The texts, where the input is text.</summary>
    public IReadOnlyList<string>? Texts => _texts;

    /// <summary>Turns the input into ids.</summary>
    /// <param name="model">The model whose tokenizer and habits apply.</param>
    /// <param name="prependBos">Whether texts get a beginning-of-sequence token; <see langword="null"/> for the model's default.</param>
    /// <param name="paddingSide">Where short texts are filled; <see langword="null"/> for the model's default.</param>
    /// <returns>A batch that the caller disposes.</returns>
    public TokenBatch Resolve(HookedModel model, bool? prependBos = null, Side? paddingSide = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_second is not null)
        {
            var joined = model.Tokenizer.EncodePair(_texts![0], _second);
            Tensor Row(IEnumerable<int> values) => torch.tensor([.. values.Select(v => (long)v)], [1, joined.Length], torch.int64).DetachFromDisposeScope();
            return new(Row(joined.Ids), null) { TokenTypes = model.TokenTypes > 1 ? Row(joined.TypeIds) : null };
        }

        if (_texts is not null)
        {
            return TextTokens.Encode(model, _texts, prependBos, paddingSide);
        }

        if (_sequence is not null)
        {
            return new(torch.tensor(_sequence, [1, _sequence.Length], torch.int64).DetachFromDisposeScope(), null);
        }

        return new((_ids!.dim() == 1 ? _ids.unsqueeze(0) : _ids.alias()).DetachFromDisposeScope(), null);
    }
}
