using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>Linear attention with a memory that decays and is corrected by the delta rule, hookable at every intermediate.</summary>
/// <remarks>
/// <c>q, k, v = act(conv(u·W))</c>, queries and keys brought to length one, queries divided by <c>√d_key</c>; <c>β = σ(u·W_beta)</c>, <c>g = -exp(A_log)·softplus(u·W_decay + b_dt)</c>;
/// per head <c>S = exp(g)·S</c>, <c>S += k⊗β·(v - Sᵀ·k)</c>, <c>o = Sᵀ·q</c>; <c>out = (norm(o) ⊙ act(u·W_gate))·W_O</c>. Source: Yang et al. 2024 (arXiv:2412.06464).
/// </remarks>
public sealed class GatedDeltaNet : Mixer
{
    private const double LengthEpsilon = 1e-6;

    private readonly GatedDeltaNetConfig _config;
    private readonly CausalConvolution _convQ;
    private readonly CausalConvolution _convK;
    private readonly CausalConvolution _convV;
    private readonly int _layer;

    internal GatedDeltaNet(PartScope outer, GatedDeltaNetConfig config)
        : base(outer)
    {
        var scope = outer.With(("mixer_head", config.NHeads), ("n_groups", config.NKeyHeads), ("group", config.NHeads / config.NKeyHeads), ("d_key", config.DKey), ("d_value", config.DValue), ("d_kernel", config.Kernel));
        (_config, _layer) = (config, scope.Layer);
        WQ = scope.Weight("W_Q", "n_groups d_model d_key", "d_model (n_groups d_key)");
        WK = scope.Weight("W_K", "n_groups d_model d_key", "d_model (n_groups d_key)");
        WV = scope.Weight("W_V", "mixer_head d_model d_value", "d_model (mixer_head d_value)");
        HookQPreConv = scope.Point("hook_q_pre_conv", "batch pos n_groups d_key");
        HookKPreConv = scope.Point("hook_k_pre_conv", "batch pos n_groups d_key");
        HookVPreConv = scope.Point("hook_v_pre_conv", "batch pos mixer_head d_value");
        _convQ = new(scope, "n_groups d_key", bias: false, "_Q");
        _convK = new(scope, "n_groups d_key", bias: false, "_K");
        _convV = new(scope, "mixer_head d_value", bias: false, "_V");
        HookQ = scope.Point("hook_q", "batch pos n_groups d_key");
        HookK = scope.Point("hook_k", "batch pos n_groups d_key");
        HookV = scope.Point("hook_v", "batch pos mixer_head d_value");
        WBeta = scope.Weight("W_beta", "d_model mixer_head");
        HookBetaLogit = scope.Point("hook_beta_logit", "batch pos mixer_head");
        HookBeta = scope.Point("hook_beta", "batch pos mixer_head");
        WDecay = scope.Weight("W_decay", "d_model mixer_head");
        BDt = scope.Weight("b_dt", "mixer_head");
        ALog = scope.Weight("A_log", "mixer_head");
        HookLogDecay = scope.Point("hook_log_decay", "batch pos mixer_head");
        HookRecurrenceOut = scope.Point("hook_recurrence_out", "batch pos mixer_head d_value");
        OutputNorm = new(scope.Child("norm"), config.OutputNorm, "batch pos mixer_head d_value", "d_value");
        WGate = scope.Weight("W_gate", "mixer_head d_model d_value", "d_model (mixer_head d_value)");
        HookGateInput = scope.Point("hook_gate_input", "batch pos mixer_head d_value");
        HookZ = scope.Point("hook_z", "batch pos mixer_head d_value");
        WO = scope.Weight("W_O", "mixer_head d_value d_model", "(mixer_head d_value) d_model");
    }

    /// <summary>Query weights, one matrix per key head.</summary>
    public Weight WQ { get; }

    /// <summary>Key weights.</summary>
    public Weight WK { get; }

    /// <summary>Value weights, one matrix per value head.</summary>
    public Weight WV { get; }

    /// <summary>The convolution of queries, the last weight of each channel for the position itself.</summary>
    public Weight WConvQ => _convQ.W;

    /// <summary>The convolution of keys.</summary>
    public Weight WConvK => _convK.W;

    /// <summary>The convolution of values.</summary>
    public Weight WConvV => _convV.W;

    /// <summary>The projection to how far a token corrects the memory.</summary>
    public Weight WBeta { get; }

    /// <summary>The projection to decays.</summary>
    public Weight WDecay { get; }

    /// <summary>The bias of decays before their softplus.</summary>
    public Weight BDt { get; }

    /// <summary>The logarithm of each head's decay rate.</summary>
    public Weight ALog { get; }

    /// <summary>The norm of each head's output.</summary>
    public Norm OutputNorm { get; }

    /// <summary>The projection of the gate.</summary>
    public Weight WGate { get; }

    /// <summary>The projection to the stream.</summary>
    public Weight WO { get; }

    /// <summary>Queries before their convolution.</summary>
    public HookPoint HookQPreConv { get; }

    /// <summary>Keys before their convolution.</summary>
    public HookPoint HookKPreConv { get; }

    /// <summary>Values before their convolution.</summary>
    public HookPoint HookVPreConv { get; }

    /// <summary>Queries after convolution and nonlinearity, before they are brought to length one.</summary>
    public HookPoint HookQ { get; }

    /// <summary>Keys after convolution and nonlinearity, before they are brought to length one.</summary>
    public HookPoint HookK { get; }

    /// <summary>Values after convolution and nonlinearity.</summary>
    public HookPoint HookV { get; }

    /// <summary>How far a token corrects the memory, before its sigmoid.</summary>
    public HookPoint HookBetaLogit { get; }

    /// <summary>How far a token corrects the memory, from 0 to 1.</summary>
    public HookPoint HookBeta { get; }

    /// <summary>The logarithm of the factor by which the memory shrinks at each token, in nats.</summary>
    public HookPoint HookLogDecay { get; }

    /// <summary>What each head's memory gives.</summary>
    public HookPoint HookRecurrenceOut { get; }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookGateInput { get; }

    /// <summary>Each head's normalized and gated output, as <c>W_O</c> reads it.</summary>
    public HookPoint HookZ { get; }

    internal override IReadOnlyList<Reader> Readers => [.. new[] { WQ, WK, WV, WBeta, WDecay, WGate }.Select(w => new Reader(w, null, Centred: false))];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var (u, rows) = (input.Values, input.Values.shape[0]);
        Tensor Heads(Tensor x, long heads) => x.reshape(rows, heads, -1);
        var q = pass.Apply(HookQPreConv, Heads(Linear.Apply(u, WQ), _config.NKeyHeads));
        var k = pass.Apply(HookKPreConv, Heads(Linear.Apply(u, WK), _config.NKeyHeads));
        var v = pass.Apply(HookVPreConv, Heads(Linear.Apply(u, WV), _config.NHeads));
        q = pass.Apply(HookQ, Heads(Activations.Apply(_config.Activation, _convQ.Forward(q.reshape(rows, -1), pass)), _config.NKeyHeads));
        k = pass.Apply(HookK, Heads(Activations.Apply(_config.Activation, _convK.Forward(k.reshape(rows, -1), pass)), _config.NKeyHeads));
        v = pass.Apply(HookV, Heads(Activations.Apply(_config.Activation, _convV.Forward(v.reshape(rows, -1), pass)), _config.NHeads));
        var beta = pass.Apply(HookBeta, pass.Apply(HookBetaLogit, Linear.Apply(u, WBeta)).sigmoid());
        var decay = F.softplus(Linear.Apply(u, WDecay).Wide().Plus(BDt.Value)).Times(ALog.Value.Wide().exp().neg());
        decay = pass.Apply(HookLogDecay, decay);
        var o = pass.Apply(HookRecurrenceOut, Recalled(q, k, v, beta, decay, pass));
        var gate = pass.Apply(HookGateInput, Heads(Linear.Apply(u, WGate), _config.NHeads));
        var z = pass.Apply(HookZ, OutputNorm.Forward(o, pass).Times(Activations.Apply(_config.Activation, gate)));
        return Linear.Apply(z.reshape(rows, -1), WO);
    }

    private Tensor Recalled(Tensor q, Tensor k, Tensor v, Tensor beta, Tensor decay, Pass pass)
    {
        var group = _config.NHeads / _config.NKeyHeads;
        Tensor PerHead(Tensor x) => group == 1 ? x : x.repeat_interleave(group, 1);
        q = PerHead(Unit(q).Times(1 / Math.Sqrt(_config.DKey)));
        k = PerHead(Unit(k));
        return pass.Mixed((segment, _) =>
        {
            var order = segment.Order;
            Tensor Own(Tensor rows) => order.In(pass.View(segment, rows)).Wide();
            var (o, state) = DeltaRule.Run(Own(q), Own(k), Own(v), order.Cleared(Own(beta)), order.Cleared(Own(decay)), segment.StateOf(_layer, "delta"));
            segment.Prefix.Remember(_layer, "delta", state);
            return order.Out(o).to(v.dtype);
        });
    }

    private static Tensor Unit(Tensor x)
    {
        var wide = x.Wide();
        return wide.Times(wide.Squared().sum([-1L], keepdim: true).Plus(LengthEpsilon).rsqrt());
    }
}
