using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The two terms of attention scores in which the vector of a distance meets a query or a key.</summary>
/// <remarks><c>score = (q_i·k_j + q_i·K[δ(i,j)] + k_j·Q[δ(i,j)]) · scale</c>, where <c>K</c> and <c>Q</c> are the vectors of distances under the layer's key and query weights. Source: He et al. 2020 (arXiv:2006.03654) §3.1.</remarks>
internal sealed class Disentangled(PartScope scope, DisentangledConfig config, double scale)
{
    /// <summary>The vectors of distances as queries meet them.</summary>
    public HookPoint HookPosK { get; } = scope.With(("n_relative", 2L * config.Span)).Point("hook_pos_k", "n_relative head d_head");

    /// <summary>The vectors of distances as keys meet them.</summary>
    public HookPoint HookPosQ { get; } = scope.With(("n_relative", 2L * config.Span)).Point("hook_pos_q", "n_relative head d_head");

    /// <summary>Projects the vectors of distances.</summary>
    /// <returns>As keys and as queries, each <c>[n_relative, head, d_head]</c>.</returns>
    public (Tensor Keys, Tensor Queries) Project(Pass pass, Attention attention)
    {
        var vectors = pass.RelativeEmbeddings ?? throw new InvalidOperationException("Disentangled attention ran in a model that has no vectors of distances.");
        Tensor Heads(Weight weight, Weight bias) => Linear.Apply(vectors, weight, bias).view(vectors.shape[0], attention.Config.NHeads, -1);
        return (pass.Apply(HookPosK, Heads(attention.WK, attention.BK), 0), pass.Apply(HookPosQ, Heads(attention.WQ, attention.BQ), 0));
    }

    /// <summary>The two terms.</summary>
    /// <param name="q">Scaled queries, <c>[batch, length, head, d_head]</c>.</param>
    /// <param name="k">Keys, <c>[batch, head, keys, d_head]</c>.</param>
    /// <param name="distances">What <see cref="Project"/> made.</param>
    /// <param name="segment">The rows.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[batch, head, length, keys]</c>.</returns>
    public Tensor Scores(Tensor q, Tensor k, (Tensor Keys, Tensor Queries) distances, Segment segment, Pass pass)
    {
        var index = pass.Table((config, segment), () => [Index(segment)])[0];
        var (batch, length, heads, keys) = (q.shape[0], q.shape[1], q.shape[2], k.shape[2]);
        var toKeys = q.permute(2, 0, 1, 3).reshape(heads, batch * length, -1).bmm(distances.Keys.permute(1, 2, 0)).view(heads, batch, length, -1).transpose(0, 1);
        var toQueries = k.transpose(0, 1).reshape(heads, batch * keys, -1).bmm(distances.Queries.permute(1, 2, 0)).view(heads, batch, keys, -1).transpose(0, 1);
        var content = toKeys.gather(-1, index.expand(batch, heads, length, keys));
        return content.Plus(toQueries.gather(-1, index.transpose(2, 3).expand(batch, heads, keys, length)).transpose(2, 3).Times(scale));
    }

    /// <summary>The row of the distance from each query to each key, <c>[batch or 1, 1, length, keys]</c>. Arithmetic in fp32, as the bucket at a border depends on it.</summary>
    private Tensor Index(Segment segment)
    {
        var keys = segment.KeyPositions();
        var distance = keys.narrow(1, segment.Offset, segment.Length).unsqueeze(2).Minus(keys.unsqueeze(1)).to(torch.int64);
        var middle = config.Span / 2;
        var far = distance.abs();
        var widest = torch.tensor((config.MaxDistance - 1) / (double)middle, torch.float32).log();
        var share = far.AtLeast(1).to(torch.float32).Over(middle).log().Over(widest);
        var bucket = share.Times(middle - 1).ceil().to(torch.int64).Plus(middle).to(torch.int64).Times(distance.sign()).to(torch.int64);
        var row = torch.where(far.IsAbove(middle), bucket, distance).Plus(config.Span).to(torch.int64);
        using var last = ((2L * config.Span) - 1).ToScalar();
        return row.AtLeast(0).clamp_max(last).to(torch.int64).unsqueeze(1);
    }
}
