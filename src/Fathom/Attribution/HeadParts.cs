using Fathom.Activations;
using Fathom.Components;

namespace Fathom.Attribution;

/// <summary>What attention heads added to the stream before a layer.</summary>
internal sealed class HeadParts
{
    private readonly ActivationCache _cache;
    private readonly CachedParts _parts;
    private readonly Slice _positions;
    private readonly List<(int Layer, TransformerBlock Block, Attention Attention)> _layers;

    /// <param name="cache">The cache.</param>
    /// <param name="parts">Its parts, which note what is read.</param>
    /// <param name="positions">The positions read.</param>
    /// <param name="end">The layer that heads lie before.</param>
    public HeadParts(ActivationCache cache, CachedParts parts, Slice positions, int end)
    {
        (_cache, _parts, _positions) = (cache, parts, positions);
        _layers = [.. Enumerable.Range(0, end).Select(l => (l, parts.Model.Blocks[l])).Where(b => b.Item2.Attn is not null).Select(b => (b.l, b.Item2, b.Item2.Attn!))];
        parts.Needs(_layers.SelectMany(l => new[] { l.Attention.HookZ.Name, l.Attention.OutputNorm?.HookScale.Name, CachedParts.ScaleAfter(l.Block, byMlp: false) }));
    }

    /// <summary><c>L0H0</c>, <c>L0H1</c>, ...</summary>
    public IEnumerable<string> Labels => _layers.SelectMany(l => Enumerable.Range(0, l.Attention.Config.NHeads).Select(h => $"L{l.Layer}H{h}"));

    /// <summary>What their biases added, or <see langword="null"/>.</summary>
    public IEnumerable<Tensor?> Biases => _layers.Select(l => _parts.Bias(l.Block, byMlp: false, l.Attention.BO));

    /// <summary>Fails if there are no heads, or points are missing.</summary>
    public void Require(string what)
    {
        if (_layers.Count == 0)
        {
            throw new DecompositionException($"{what}: no block before that layer has attention heads whose outputs are a sum.");
        }

        _parts.Require(what);
    }

    /// <summary><c>[head of a layer, batch, pos, d_model]</c>.</summary>
    public Tensor Results() => torch.cat([.. _layers.Select(l => Results(l.Block, l.Attention))]);

    private Tensor Results(TransformerBlock block, Attention attention)
    {
        var z = _parts.Take(attention.HookZ.Name);
        z = attention.OutputNorm is { } norm ? FrozenNorm.Of(_cache, norm, _positions).Apply(z.flatten(-2)).view(z.shape) : z;
        var byHead = z.movedim([-2L], [0L]);
        var results = byHead.reshape(byHead.shape[0], -1, byHead.shape[^1]).bmm(attention.WO.Value).view([.. byHead.shape[..^1], -1]);
        return _parts.Written(block, byMlp: false, results);
    }
}
