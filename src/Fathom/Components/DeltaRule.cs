using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The gated delta rule, <c>S_t = exp(g_t)·S_{t-1} + k_t⊗β_t·(v_t - exp(g_t)·S_{t-1}ᵀ·k_t)</c>, <c>o_t = S_tᵀ·q_t</c>, as products of matrices over stretches of positions.</summary>
/// <remarks>What each position writes solves a triangular system within its stretch. Source: Yang et al. 2024 (arXiv:2412.06464) §3.3; log-decays are added up, never subtracted.</remarks>
internal static class DeltaRule
{
    /// <summary>The positions that one system covers.</summary>
    private const long Stretch = 64;

    /// <summary>Computes outputs and the last state.</summary>
    /// <param name="q">Queries, scaled, <c>[batch, pos, head, d_key]</c>.</param>
    /// <param name="k">Keys of length one, of the same shape.</param>
    /// <param name="v">Values, <c>[batch, pos, head, d_value]</c>.</param>
    /// <param name="beta">How far a token corrects what its key recalls, <c>[batch, pos, head]</c>.</param>
    /// <param name="decay">Log-decays <c>g</c>, <c>[batch, pos, head]</c>.</param>
    /// <param name="start">The state before, <c>[batch, head, d_key, d_value]</c>; <see langword="null"/> for zeros.</param>
    /// <returns><c>o</c>, <c>[batch, pos, head, d_value]</c>, and the state after the last position.</returns>
    public static (Tensor O, Tensor State) Run(Tensor q, Tensor k, Tensor v, Tensor beta, Tensor decay, Tensor? start)
    {
        var (batch, length, heads, width) = (v.shape[0], v.shape[1], v.shape[2], v.shape[3]);
        var state = start ?? torch.zeros([batch, heads, k.shape[3], width], v.dtype, v.device);
        List<Tensor> parts = [];
        for (var at = 0L; at < length; at += Stretch)
        {
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(Stretch, length - at);
            Tensor Own(Tensor t) => t.narrow(1, at, count).transpose(1, 2).reshape([batch * heads, count, .. t.shape[3..]]);
            var (queries, keys, weight, g) = (Own(q), Own(k), Own(beta).unsqueeze(-1), Own(decay));
            var between = HeadScan.Between(g).exp();
            var since = g.cumsum(-1).exp().unsqueeze(-1);
            var before = state.reshape(batch * heads, -1, width);
            var target = Own(v).Minus(keys.bmm(before).Times(since)).Times(weight);
            var overlap = keys.bmm(keys.transpose(1, 2)).Times(between).Times(weight).tril(-1);
            var written = count == 1 ? target : torch.linalg.solve_triangular(overlap, target, upper: false, unitriangular: true);
            var o = queries.bmm(before).Times(since).Plus(queries.bmm(keys.transpose(1, 2)).Times(between).bmm(written));
            parts.Add(o.view(batch, heads, count, width).transpose(1, 2).MoveToOuterDisposeScope());
            var lasting = keys.Times(between.select(1, count - 1).unsqueeze(-1));
            var kept = before.Times(g.sum([1L]).exp().view(-1, 1, 1));
            state = kept.Plus(lasting.transpose(1, 2).bmm(written)).view(batch, heads, -1, width).MoveToOuterDisposeScope();
        }

        return (parts.Count == 1 ? parts[0] : torch.cat(parts, 1), state);
    }
}
