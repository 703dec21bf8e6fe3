using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The recurrence of heads with one scalar decay per step, <c>S_t = exp(g_t)·S_{t-1} + x_t⊗B_t</c>, <c>y_t = S_t·C_t</c>, as products of matrices over stretches of positions.</summary>
/// <remarks>Sums of log-decays between two positions are added up one by one, not taken as differences of running sums, so that nothing cancels.</remarks>
internal static class HeadScan
{
    /// <summary>The positions that one product covers.</summary>
    private const long Stretch = 64;

    /// <summary>Computes outputs and the last state.</summary>
    /// <param name="decay"><c>g</c>, <c>[batch, pos, head]</c>.</param>
    /// <param name="x">What enters, <c>[batch, pos, head, d_head]</c>.</param>
    /// <param name="b">How it enters, <c>[batch, pos, group, d_state]</c>; head <c>h</c> has group <c>h / (heads / groups)</c>.</param>
    /// <param name="c">How it is read, of the same shape.</param>
    /// <param name="start">The state before, <c>[batch, head, d_head, d_state]</c>; <see langword="null"/> for zeros.</param>
    /// <returns><c>y</c>, <c>[batch, pos, head, d_head]</c>, and the state after the last position.</returns>
    public static (Tensor Y, Tensor State) Run(Tensor decay, Tensor x, Tensor b, Tensor c, Tensor? start)
    {
        var (batch, length, heads, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var state = start ?? torch.zeros([batch, heads, width, b.shape[3]], x.dtype, x.device);
        List<Tensor> parts = [];
        for (var at = 0L; at < length; at += Stretch)
        {
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(Stretch, length - at);
            Tensor Heads(Tensor t) => t.narrow(1, at, count).transpose(1, 2);
            var g = decay.narrow(1, at, count).transpose(1, 2);
            var between = Between(g).exp();
            var (entering, into, read) = (Flat(Heads(x)), Flat(Shared(Heads(b), heads)), Flat(Shared(Heads(c), heads)));
            var pairs = read.bmm(into.transpose(1, 2)).Times(between.reshape(-1, count, count));
            var before = state.reshape(batch * heads, width, -1);
            var y = pairs.bmm(entering).Plus(read.bmm(before.transpose(1, 2)).Times(g.cumsum(-1).exp().reshape(-1, count, 1)));
            parts.Add(y.view(batch, heads, count, width).transpose(1, 2).MoveToOuterDisposeScope());
            var remaining = entering.Times(between.select(2, count - 1).reshape(-1, count, 1));
            var kept = before.Times(g.sum([2L]).exp().reshape(-1, 1, 1));
            state = kept.Plus(remaining.transpose(1, 2).bmm(into)).view(batch, heads, width, -1).MoveToOuterDisposeScope();
        }

        return (parts.Count == 1 ? parts[0] : torch.cat(parts, 1), state);
    }

    /// <summary>Sums of log-decays from after position <c>s</c> up to <c>t</c>: <c>[..., t, s]</c>, minus infinity where <c>s</c> lies after <c>t</c>.</summary>
    public static Tensor Between(Tensor g)
    {
        var count = g.shape[^1];
        var position = Arithmetic.Range(count);
        var (t, s) = (position.unsqueeze(1), position.unsqueeze(0));
        var steps = g.unsqueeze(-1).expand([.. g.shape, count]).FilledWhere(t.le(s), 0);
        return steps.cumsum(-2).FilledWhere(t.lt(s), double.NegativeInfinity);
    }

    private static Tensor Flat(Tensor t) => t.reshape(-1, t.shape[2], t.shape[3]);

    private static Tensor Shared(Tensor groups, long heads) => groups.shape[1] == heads ? groups : groups.repeat_interleave(heads / groups.shape[1], 1);
}
