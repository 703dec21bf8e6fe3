using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Attention whose query and output projections are chosen for each token by a router.</summary>
/// <remarks>
/// The <c>r</c>-th chosen expert <c>e</c> of a token gives the heads <c>r·kv_head .. (r+1)·kv_head - 1</c>: <c>q = x·W_Q[e]</c>, <c>out += w · z·W_O[e]</c>; then <c>+ b_O</c>.
/// Source: Zhang et al. 2022 (arXiv:2210.05144).
/// </remarks>
public sealed class RoutedAttention : Mixer
{
    private readonly RoutedAttentionConfig _config;
    private readonly AttentionCore _core;
    private readonly Rotary? _rotary;

    internal RoutedAttention(PartScope outer, RoutedAttentionConfig config)
        : base(outer)
    {
        var scope = outer.With(("head", config.NHeads), ("kv_head", config.KeyValueHeads), ("d_head", config.DHead), ("expert", config.Experts));
        _config = config;
        _rotary = config.Rotary is { } rotary ? new(rotary) : null;
        Router = new(scope, config.Router, config.Experts);
        WQ = scope.Weight("W_Q", "expert kv_head d_model d_head", "expert d_model (kv_head d_head)");
        WK = scope.Weight("W_K", "kv_head d_model d_head", "d_model (kv_head d_head)");
        WV = scope.Weight("W_V", "kv_head d_model d_head", "d_model (kv_head d_head)");
        WO = scope.Weight("W_O", "expert kv_head d_head d_model", "expert (kv_head d_head) d_model");
        BO = scope.Weight("b_O", "d_model");
        HookQ = scope.Point("hook_q", "batch pos head d_head");
        HookK = scope.Point("hook_k", "batch pos kv_head d_head");
        HookV = scope.Point("hook_v", "batch pos kv_head d_head");
        HookRotQ = _rotary is null ? null : scope.Point("hook_rot_q", "batch pos head d_head");
        HookRotK = _rotary is null ? null : scope.Point("hook_rot_k", "batch pos kv_head d_head");
        _core = new(scope, new() { NHeads = config.NHeads, NKeyValueHeads = config.NHeads, DHead = config.DHead, Scale = config.Scale });
        HookZ = scope.Point("hook_z", "batch pos head d_head");
    }

    /// <summary>What chooses and weighs.</summary>
    public Router Router { get; }

    /// <summary>Query weights.</summary>
    public Weight WQ { get; }

    /// <summary>Key weights, common to the experts.</summary>
    public Weight WK { get; }

    /// <summary>Value weights, common to the experts.</summary>
    public Weight WV { get; }

    /// <summary>Output weights.</summary>
    public Weight WO { get; }

    /// <summary>Output bias, common to the experts.</summary>
    public Weight BO { get; }

    /// <summary>Queries, before any rotation.</summary>
    public HookPoint HookQ { get; }

    /// <summary>Keys, before any rotation.</summary>
    public HookPoint HookK { get; }

    /// <summary>Values.</summary>
    public HookPoint HookV { get; }

    /// <summary>Rotated queries, where positions are rotary.</summary>
    public HookPoint? HookRotQ { get; }

    /// <summary>Rotated keys, where positions are rotary.</summary>
    public HookPoint? HookRotK { get; }

    /// <summary>Scaled and masked scores, in nats.</summary>
    public HookPoint HookAttnScores => _core.HookAttnScores;

    /// <summary>Attention probabilities; each row sums to one.</summary>
    public HookPoint HookPattern => _core.HookPattern;

    /// <summary>Each head's mixed values, as <c>W_O</c> reads them.</summary>
    public HookPoint HookZ { get; }

    /// <summary>The configuration.</summary>
    public RoutedAttentionConfig Config => _config;

    internal override IReadOnlyList<Reader> Readers => [new(Router.W, Router.B), new(WQ, null), new(WK, null), new(WV, null)];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var (x, chosen) = (input.Queries, _config.Router.Chosen);
        var (weights, indices) = Router.Route(x, pass);
        Routing routing = new(weights, indices, _config.Experts, x.dtype);
        var q = pass.Apply(HookQ, Queries(x, routing, chosen).view(x.shape[0], _config.NHeads, -1));
        var k = pass.Apply(HookK, Linear.Apply(input.Keys, WK).view(x.shape[0], _config.KeyValueHeads, -1));
        var v = pass.Apply(HookV, Linear.Apply(input.Values, WV).view(x.shape[0], _config.KeyValueHeads, -1));
        if (_rotary is not null)
        {
            q = pass.Apply(HookRotQ!, _rotary.Apply(q, pass));
            k = pass.Apply(HookRotK!, _rotary.Apply(k, pass));
        }

        var z = pass.Apply(HookZ, _core.Attend(q, k.repeat(1, chosen, 1), v.repeat(1, chosen, 1), pass));
        return Output(z.reshape(x.shape[0] * chosen, -1), x, routing).Plus(BO.Value);
    }

    /// <summary>The chosen experts' queries, one row per token and rank.</summary>
    private Tensor Queries(Tensor x, Routing routing, long chosen)
    {
        var queries = torch.zeros([x.shape[0] * chosen, WQ.Matrix.shape[2]], x.dtype, x.device);
        ForEach(routing, e => queries.AddRowsInPlace(routing.Slots(e), x.index_select(0, routing.Rows(e)).mm(WQ.Matrix.select(0, e))));
        return queries;
    }

    /// <summary>What the chosen experts write together, without the bias.</summary>
    private Tensor Output(Tensor z, Tensor x, Routing routing)
    {
        var written = torch.zeros_like(x);
        ForEach(routing, e =>
        {
            var (own, matrix) = (z.index_select(0, routing.Slots(e)), WO.Matrix.select(0, e));
            written.AddRowsInPlace(routing.Rows(e), Router.ScalesInput ? own.Times(routing.Weights(e)).mm(matrix) : own.mm(matrix).Times(routing.Weights(e)));
        });
        return written;
    }

    private void ForEach(Routing routing, Action<int> act)
    {
        for (var e = 0; e < _config.Experts; e++)
        {
            if (routing.Count(e) > 0)
            {
                using var scope = torch.NewDisposeScope();
                act(e);
            }
        }
    }
}
