using Fathom.Configuration;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>
/// Attention of the last position of each sequence without keys or values of the rows before it: <c>q·(W_K x) = (W_Kᵀ q)·x</c> and <c>Σ p W_V x = W_V Σ p x</c>,
/// so that the weights meet one query and one sum of each sequence instead of every row.
/// </summary>
/// <param name="config">The attention's configuration.</param>
/// <param name="layer">Its block.</param>
internal sealed class EndOfRows(AttentionConfig config, int layer)
{
    /// <summary>Whether scores and mixing are those plain products, with nothing between a row and its key or value.</summary>
    public bool Serves(MixerInput input, Pass pass) =>
        config is { Rotary: null, QueryKeyNorm: null, ValueNorm: null, Clip: null, SoftCap: null, ScoreBias: null, Sinks: false, Window: null, Chunk: null, Temperature: null, OutputGate: false, KeysFrom: null, LendsKeys: false, Disentangled: null }
        && ReferenceEquals(input.Keys, input.Values) && input.Keys.dim() == 2
        && pass.Segments.All(s => s is { Prefix: SharedPrefix, KeyMask: null });

    /// <summary>Mixes values for the last rows: <c>[sequences, head, d_head_v]</c>.</summary>
    /// <param name="queries">The last rows' queries, <c>[sequences, head, d_head]</c>.</param>
    /// <param name="rows">What keys and values are made of, <c>[rows, d_model]</c>.</param>
    /// <param name="attention">The weights.</param>
    /// <param name="pass">The pass of all rows.</param>
    public Tensor Mix(Tensor queries, Tensor rows, Attention attention, Pass pass)
    {
        var (kv, group, all) = ((long)config.NKeyValueHeads, (long)(config.NHeads / config.NKeyValueHeads), queries.shape[0]);
        var q = ByHead(queries.Times(config.Scale), kv, group);
        var directions = FromHead(q.bmm(attention.WK.Value.transpose(1, 2)), all, group);
        var offsets = attention.BK.IsBound ? FromHead(q.bmm(attention.BK.Value.unsqueeze(2)), all, group) : null;
        List<Tensor> sums = [];
        List<Tensor> weights = [];
        List<Tensor> mixed = [];
        long at = 0;
        foreach (var segment in pass.Segments)
        {
            var (x, batch) = (segment.View(rows, whole: false), segment.Batch);
            var own = directions.narrow(0, at, batch).bmm(x.transpose(1, 2));
            own = offsets is null ? own : own.Plus(offsets.narrow(0, at, batch));
            var lent = segment.Prefix.Recorded(layer, segment);
            var shared = lent.SharedKeys is { } keys ? FromHead(ByHead(queries.narrow(0, at, batch).Times(config.Scale), kv, group).bmm(keys.transpose(1, 2)), batch, group) : null;
            var pattern = (shared is null ? own : torch.cat([shared, own], -1)).softmax(-1);
            var ownPattern = pattern.narrow(-1, pattern.shape[2] - segment.Length, segment.Length);
            sums.Add(ownPattern.bmm(x));
            weights.Add(ownPattern.sum([-1], keepdim: true));
            mixed.Add(shared is null
                ? torch.zeros([batch, config.NHeads, config.DHeadV], rows.dtype)
                : FromHead(ByHead(pattern.narrow(-1, 0, shared.shape[2]), kv, group).bmm(lent.SharedValues!), batch, group));
            at += batch;
        }

        var z = FromHead(ByHead(torch.cat([.. sums]), kv, group).bmm(attention.WV.Value), all, group).Plus(torch.cat([.. mixed]));
        return attention.BV.IsBound ? z.Plus(torch.cat([.. weights]).Times(attention.BV.Value.repeat_interleave(group, 0))) : z;
    }

    // [n, kv · group, x] to [kv, n · group, x]
    private static Tensor ByHead(Tensor x, long kv, long group) => x.view(x.shape[0], kv, group, -1).transpose(0, 1).reshape(kv, x.shape[0] * group, -1);

    // [kv, n · group, x] to [n, kv · group, x]
    private static Tensor FromHead(Tensor x, long n, long group) => x.view(x.shape[0], n, group, -1).transpose(0, 1).reshape(n, x.shape[0] * group, -1);
}
