using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Scores, pattern and mixing: the one place where rows look at other rows.</summary>
/// <remarks>A long prefix that a batch shares is multiplied once for the whole batch instead of being copied per sequence; grouped query heads share their key head's product.</remarks>
internal sealed class AttentionCore
{
    /// <summary>From this length on the fused kernel is faster than explicit products, where nothing inside is observed.</summary>
    private const long FusedFrom = 512;

    /// <summary>What the smaller number of calls is worth when a shared prefix is copied per sequence, in numbers copied.</summary>
    private const long CopiesForCalls = 100_000;

    private readonly AttentionConfig _config;
    private readonly ScoreBias? _bias;
    private readonly PackedAttention? _packed;
    private readonly int _layer;

    public AttentionCore(PartScope scope, AttentionConfig config)
    {
        _config = config;
        _layer = scope.Layer;
        _bias = config.ScoreBias is { } bias ? new(scope, bias) : null;
        Disentangled = config.Disentangled is { } disentangled ? new(scope, disentangled, config.Scale) : null;
        _packed = config is { Causal: true, Scale: > 0, SoftCap: null, ScoreBias: null, Sinks: false, Chunk: null, Temperature: null, KeysFrom: null, LendsKeys: false, Disentangled: null }
            ? new((float)config.Scale, config.Window)
            : null;
        Sinks = config.Sinks ? scope.Weight("sinks", "head") : null;
        HookAttnScores = scope.Point("hook_attn_scores", "batch head query_pos key_pos");
        HookPattern = scope.Point("hook_pattern", "batch head query_pos key_pos");
    }

    /// <summary>The logit per head that joins each softmax and is thrown away.</summary>
    public Weight? Sinks { get; }

    /// <summary>The terms of scores in which vectors of distances meet queries and keys, where there are any.</summary>
    public Disentangled? Disentangled { get; }

    /// <summary>Scaled and masked scores.</summary>
    public HookPoint HookAttnScores { get; }

    /// <summary>Attention probabilities.</summary>
    public HookPoint HookPattern { get; }

    /// <summary>Mixes values.</summary>
    /// <param name="q"><c>[rows, head, d_head]</c>.</param>
    /// <param name="k"><c>[rows, kv_head, d_head]</c>; <see langword="null"/> to read another block's keys and values.</param>
    /// <param name="v"><c>[rows, kv_head, d_head_v]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <param name="distances">Vectors of distances, as <see cref="Disentangled"/> projects them.</param>
    /// <returns><c>[rows, head, d_head_v]</c>.</returns>
    public Tensor Attend(Tensor q, Tensor? k, Tensor? v, Pass pass, (Tensor Keys, Tensor Queries)? distances = null)
    {
        if (_packed is not null && PackedAttention.Serves(q, k, v, pass) && !pass.Listens(HookAttnScores) && !pass.Listens(HookPattern))
        {
            return _packed.Mix(q, k!, v!, _layer, pass);
        }

        q = q.Times(_config.Scale);
        if (_config.Temperature is { } temperature)
        {
            q = q.Times(pass.Table((temperature, q.dtype), () => [Factor(temperature, pass).to(q.dtype)])[0]);
        }

        var whole = pass.Segments.Count == 1;
        var parts = new Tensor[pass.Segments.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var segment = pass.Segments[i];
            using var scope = torch.NewDisposeScope();
            var keys = k is null ? pass.BorrowKeys(_config.KeysFrom!.Value, i) : segment.Prefix.Extend(_layer, segment.View(k, whole).transpose(1, 2), segment.View(v!, whole).transpose(1, 2));
            if (_config.LendsKeys)
            {
                pass.LendKeys(_layer, i, keys);
            }

            parts[i] = AttendSegment(segment.View(q, whole), keys, distances, segment, i, pass).MoveToOuterDisposeScope();
        }

        return whole ? parts[0] : torch.cat(parts);
    }

    private Tensor AttendSegment(Tensor q, AttendedKeys keys, (Tensor Keys, Tensor Queries)? distances, Segment segment, int index, Pass pass)
    {
        // Usually the config's key-value heads; as many as query heads in a run that shows them apart.
        var (batch, length, kv) = (segment.Batch, segment.Length, keys.Keys.shape[1]);
        var group = _config.NHeads / kv;
        if (CanFuse(keys, segment, pass))
        {
            return Fused(q, keys, batch, length);
        }

        keys = Joined(keys, batch, length, group);
        var grouped = q.view(batch, length, kv, group, -1);
        var scores = Own(grouped, keys.Keys, batch, length, kv, group);
        if (keys.SharedKeys is { } shared)
        {
            scores = torch.cat([Shared(grouped, shared, batch, length, kv, group), scores], -1);
        }

        if (distances is { } relative)
        {
            scores = scores.Plus(Disentangled!.Scores(q, keys.Keys, relative, segment, pass));
        }

        if (_config.SoftCap is { } cap)
        {
            scores = scores.Over(cap).tanh().Times(cap);
        }

        scores = _bias is null ? scores : scores.Plus(_bias.For(segment, pass, scores.dtype));
        var blocked = segment.Blocked(_config.Window, _config.Chunk, _config.Causal);
        scores = blocked is null ? scores : scores.FillInPlace(blocked, double.NegativeInfinity);
        var pattern = pass.Apply(HookPattern, Softmax(pass.Apply(HookAttnScores, scores, index), segment.KeyMask is not null), index);
        return Mix(pattern, keys, batch, length, kv, group);
    }

    /// <summary>Copies a shared prefix before each sequence's own keys, where that moves less memory than putting queries, scores and sums of two products together.</summary>
    private static AttendedKeys Joined(AttendedKeys keys, long batch, long length, long group)
    {
        if (keys is not { SharedKeys: { } sharedKeys, SharedValues: { } sharedValues })
        {
            return keys;
        }

        var (own, width) = (keys.Keys.shape[2], sharedKeys.shape[2] + sharedValues.shape[2]);
        var whole = sharedKeys.shape[1] + own;
        if (whole * width > length * group * (width + (4 * whole)) + (CopiesForCalls / (batch * sharedKeys.shape[0])))
        {
            return keys;
        }

        Tensor Whole(Tensor shared, Tensor each) => torch.cat([shared.unsqueeze(0).expand(batch, -1, -1, -1), each], 2);
        return new(Whole(sharedKeys, keys.Keys), Whole(sharedValues, keys.Values));
    }

    private static Tensor Own(Tensor q, Tensor keys, long batch, long length, long kv, long group)
    {
        var queries = q.permute(0, 2, 3, 1, 4).reshape(batch * kv, group * length, -1);
        return queries.bmm(keys.reshape(batch * kv, keys.shape[2], -1).transpose(1, 2)).view(batch, kv * group, length, -1);
    }

    private static Tensor Shared(Tensor q, Tensor keys, long batch, long length, long kv, long group)
    {
        var queries = q.permute(2, 0, 3, 1, 4).reshape(kv, batch * group * length, -1);
        return queries.bmm(keys.transpose(1, 2)).view(kv, batch, group, length, -1).transpose(0, 1).reshape(batch, kv * group, length, -1);
    }

    private Tensor Softmax(Tensor scores, bool mayBeEmpty)
    {
        var dtype = scores.dtype;
        var wide = dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? scores.to(torch.float32) : scores;
        var pattern = wide;
        if (Sinks is null)
        {
            pattern = wide.softmax(-1);
        }
        else
        {
            var sinks = Sinks.Value.to(wide.dtype).view(1, -1, 1, 1).expand(wide.shape[0], -1, wide.shape[2], 1);
            pattern = torch.cat([wide, sinks], -1).softmax(-1).narrow(-1, 0, wide.shape[3]).contiguous();
        }

        pattern = mayBeEmpty ? pattern.FilledWhere(pattern.isnan(), 0) : pattern;
        return pattern.to(dtype);
    }

    private static Tensor Mix(Tensor pattern, AttendedKeys keys, long batch, long length, long kv, long group)
    {
        var own = keys.Values.shape[2];
        var shared = pattern.shape[3] - own;
        var weights = shared == 0 ? pattern : pattern.narrow(3, shared, own);
        var z = weights.reshape(batch * kv, group * length, own).bmm(keys.Values.reshape(batch * kv, own, -1)).view(batch, kv, group, length, -1);
        if (shared > 0)
        {
            var prefix = pattern.narrow(3, 0, shared).reshape(batch, kv, group * length, shared).transpose(0, 1).reshape(kv, batch * group * length, shared);
            z = z.Plus(prefix.bmm(keys.SharedValues!).view(kv, batch, group, length, -1).transpose(0, 1));
        }

        return z.permute(0, 3, 1, 2, 4).reshape(batch * length, kv * group, -1);
    }

    private bool CanFuse(AttendedKeys keys, Segment segment, Pass pass) =>
        segment.Length >= FusedFrom && segment.Offset == 0 && keys.SharedKeys is null && segment.KeyMask is null
        && _config is { SoftCap: null, ScoreBias: null, Disentangled: null, Sinks: false, Chunk: null } && (_config.Causal ? !(_config.Window < segment.Length) : _config.Window is null)
        && !pass.Listens(HookAttnScores) && !pass.Listens(HookPattern);

    private Tensor Fused(Tensor q, AttendedKeys keys, long batch, long length)
    {
        var group = _config.NHeads / keys.Keys.shape[1];
        var (k, v) = group == 1 ? (keys.Keys, keys.Values) : (keys.Keys.repeat_interleave(group, 1), keys.Values.repeat_interleave(group, 1));
        // The kernel divides by √d_head itself; the queries already hold the family's own scale.
        var scaled = q.Times(Math.Sqrt(_config.DHead)).transpose(1, 2);
        var z = torch.nn.functional.scaled_dot_product_attention(scaled, k, v, is_casual: _config.Causal);
        return z.transpose(1, 2).reshape(batch * length, _config.NHeads, -1);
    }

    private static Tensor Factor(QueryTemperature t, Pass pass)
    {
        using var floor = t.Floor.ToScalar();
        var steps = pass.Positions.Plus(t.Shift).to(torch.float64).div(floor, torch.RoundingMode.floor);
        return steps.log1p().Times(t.Beta).Plus(1).view(-1, 1, 1);
    }
}
