using Fathom.Activations;
using Fathom.Components;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>What neurons of one layer added to the stream.</summary>
/// <param name="parts">The cache's parts.</param>
/// <param name="layer">The layer.</param>
internal sealed class NeuronParts(CachedParts parts, int layer)
{
    private readonly TransformerBlock _block = parts.Model.Blocks[layer];

    private (Weight Out, Weight Bias, HookPoint Post) Mlp => _block.Mlp switch
    {
        Mlp plain => (plain.WOut, plain.BOut, plain.HookPost),
        GatedMlp gated => (gated.WOut, gated.BOut, gated.HookPost),
        null => throw new DecompositionException($"{_block.Path} has no MLP, so it has no neurons."),
        var other => throw new DecompositionException($"{other.Path} is no plain or gated MLP: which neurons a token has there depends on its router. Name experts' points instead."),
    };

    /// <summary>The points that are read.</summary>
    public IEnumerable<string?> Names => [Mlp.Post.Name, (_block.Mlp as GatedMlp)?.Ln?.HookScale.Name, CachedParts.ScaleAfter(_block, byMlp: true)];

    /// <summary>What the output bias added, or <see langword="null"/>.</summary>
    public Tensor? Bias => parts.Bias(_block, byMlp: true, Mlp.Bias);

    /// <summary>Neurons as <c>W_out</c> reads them, behind the norm of the hidden width where it follows the point.</summary>
    private Tensor Read() => _block.Mlp is GatedMlp { Ln: { } hidden } ? parts.Frozen(hidden).Apply(parts.Take(Mlp.Post.Name)) : parts.Take(Mlp.Post.Name);

    /// <summary>The chosen neurons' numbers.</summary>
    public IReadOnlyList<int> Indices(Slice neurons) => neurons.Indices((int)Mlp.Out.Shape[0]);

    /// <summary>What each neuron added, <c>[neuron, batch, pos, d_model]</c>; without the first axis for one neuron.</summary>
    public Tensor Results(Slice neurons)
    {
        var post = neurons.Apply(Read(), -1);
        if (neurons.IsOne)
        {
            return parts.Written(_block, byMlp: true, post.unsqueeze(-1).Times(neurons.Apply(Mlp.Out.Value, 0)));
        }

        return parts.Written(_block, byMlp: true, post.movedim([-1L], [0L]).unsqueeze(-1).Times(neurons.Apply(Mlp.Out.Value, 0).view([-1, .. Enumerable.Repeat(1L, (int)post.dim() - 1), Mlp.Out.Shape[1]])));
    }

    /// <summary>As <see cref="Results"/>, times directions, without ever making a vector for each neuron: <c>[neuron, batch, pos]</c>, with a last axis more for several directions.</summary>
    /// <param name="neurons">The neurons.</param>
    /// <param name="direction"><c>[d_model]</c> or <c>[d_model, n]</c>.</param>
    public Tensor Projected(Slice neurons, Tensor direction)
    {
        var several = direction.dim() == 2;
        var each = neurons.Apply(Mlp.Out.Value, 0);
        var before = parts.Before(_block, direction);
        var share = each.dim() == 1 ? (several ? each.unsqueeze(0).mm(before).squeeze(0) : each.Times(before).sum()) : several ? each.mm(before) : each.mv(before);
        var post = neurons.Apply(Read(), -1);
        if (neurons.IsOne)
        {
            return parts.Unscaled(_block, several ? post.unsqueeze(-1).Times(share) : post.Times(share), several);
        }

        var front = post.movedim([-1L], [0L]);
        long[] wide = [-1, .. Enumerable.Repeat(1L, (int)front.dim() - 1)];
        return parts.Unscaled(_block, several ? front.unsqueeze(-1).Times(share.view([.. wide, share.shape[1]])) : front.Times(share.view(wide)), several);
    }
}
