using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>The distribution over the next token, ranked.</summary>
public sealed class NextTokens
{
    private readonly HookedModel _model;
    private readonly float[] _logits;
    private readonly double _logNormalizer;
    private readonly int[] _order;

    /// <summary>Ranks the logits of one place.</summary>
    /// <param name="model">The model, for texts.</param>
    /// <param name="logits">Logits, <c>[d_vocab]</c>, in nats.</param>
    public NextTokens(HookedModel model, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(logits);
        _model = model;
        _logits = logits.ToFloats();
        var largest = (double)_logits.Max();
        _logNormalizer = largest + Math.Log(_logits.Sum(l => Math.Exp(l - largest)));
        _order = [.. Enumerable.Range(0, _logits.Length)];
        Array.Sort(_order, (a, b) => _logits[b].CompareTo(_logits[a]) is var c && c != 0 ? c : a.CompareTo(b));
    }

    /// <summary>The most probable tokens, first the top.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<RankedToken> Top(int count) => [.. _order.Take(count).Select((id, rank) => Ranked(id, rank))];

    /// <summary>A given token.</summary>
    /// <param name="id">The token.</param>
    public RankedToken Of(int id) => Ranked(id, Array.IndexOf(_order, id));

    private RankedToken Ranked(int id, int rank) => new(id, _model.HasTokenizer ? _model.ToSingleStrToken(id) : $"<id {id}>", rank, _logits[id], Math.Exp(_logits[id] - _logNormalizer));
}
