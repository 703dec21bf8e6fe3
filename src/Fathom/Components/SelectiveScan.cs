using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>A selective state-space mixer, hookable at every intermediate.</summary>
/// <remarks>
/// <c>x = act(conv(u·W_x))</c>, <c>dt = softplus(x·W_dt_down·W_dt + b_dt)</c>, <c>B = x·W_B</c>, <c>C = x·W_C</c>,
/// <c>h = exp(-dt·exp(A_log)) ⊙ h + dt·x·B</c>, <c>y = C·h + D ⊙ x</c>, <c>out = (y ⊙ act(u·W_gate))·W_out</c>.
/// Source: Gu and Dao 2023 (arXiv:2312.00752) §3.
/// </remarks>
public sealed class SelectiveScan : Mixer
{
    /// <summary>The numbers of one state history that are held at once; longer runs go stretch by stretch.</summary>
    internal const long MostHeld = 4 << 20;

    private readonly SelectiveScanConfig _config;
    private readonly CausalConvolution _conv;
    private readonly int _layer;

    internal SelectiveScan(PartScope outer, SelectiveScanConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_inner", config.DInner), ("d_state", config.DState), ("d_dt", config.DDt), ("d_kernel", config.Kernel));
        (_config, _layer) = (config, scope.Layer);
        WX = scope.Weight("W_x", "d_model d_inner");
        BX = scope.Weight("b_x", "d_inner", required: config.Bias);
        WGate = scope.Weight("W_gate", "d_model d_inner");
        BGate = scope.Weight("b_gate", "d_inner", required: config.Bias);
        HookGate = scope.Point("hook_gate", "batch pos d_inner");
        HookInProj = scope.Point("hook_in_proj", "batch pos d_inner");
        _conv = new(scope, "d_inner", config.ConvBias);
        HookConv = scope.Point("hook_conv", "batch pos d_inner");
        WDtDown = scope.Weight("W_dt_down", "d_inner d_dt");
        WB = scope.Weight("W_B", "d_inner d_state");
        WC = scope.Weight("W_C", "d_inner d_state");
        (DtNorm, BNorm, CNorm) = config.InnerNorm is { } norm
            ? (new(scope.Child("dt_norm"), norm, "batch pos d_dt", "d_dt"), new(scope.Child("B_norm"), norm, "batch pos d_state", "d_state"), new(scope.Child("C_norm"), norm, "batch pos d_state", "d_state"))
            : ((Norm?)null, (Norm?)null, (Norm?)null);
        WDt = scope.Weight("W_dt", "d_dt d_inner");
        BDt = scope.Weight("b_dt", "d_inner");
        HookDt = scope.Point("hook_dt", "batch pos d_inner");
        HookB = scope.Point("hook_B", "batch pos d_state");
        HookC = scope.Point("hook_C", "batch pos d_state");
        ALog = scope.Weight("A_log", "d_inner d_state");
        D = scope.Weight("D", "d_inner");
        HookSsmState = scope.Point("hook_ssm_state", "batch pos d_inner d_state", optional: true);
        HookY = scope.Point("hook_y", "batch pos d_inner");
        HookGated = scope.Point("hook_gated", "batch pos d_inner");
        WOut = scope.Weight("W_out", "d_inner d_model");
        BOut = scope.Weight("b_out", "d_model", required: config.Bias);
    }

    /// <summary>The projection that the convolution reads.</summary>
    public Weight WX { get; }

    /// <summary>Its bias.</summary>
    public Weight BX { get; }

    /// <summary>The projection of the gate.</summary>
    public Weight WGate { get; }

    /// <summary>Its bias.</summary>
    public Weight BGate { get; }

    /// <summary>The convolution of each channel, the last weight for the position itself.</summary>
    public Weight WConv => _conv.W;

    /// <summary>Its bias, where there is one.</summary>
    public Weight? BConv => _conv.B;

    /// <summary>The first, low-rank factor of the map to step sizes.</summary>
    public Weight WDtDown { get; }

    /// <summary>The second factor of the map to step sizes.</summary>
    public Weight WDt { get; }

    /// <summary>The bias of step sizes before their softplus.</summary>
    public Weight BDt { get; }

    /// <summary>The map to how a token enters the state.</summary>
    public Weight WB { get; }

    /// <summary>The map to how the state is read.</summary>
    public Weight WC { get; }

    /// <summary>The logarithm of the decay rate of each state variable.</summary>
    public Weight ALog { get; }

    /// <summary>The factor of each channel past the state.</summary>
    public Weight D { get; }

    /// <summary>The projection to the stream.</summary>
    public Weight WOut { get; }

    /// <summary>Its bias.</summary>
    public Weight BOut { get; }

    /// <summary>The norm of the low-rank steps, where there is one.</summary>
    public Norm? DtNorm { get; }

    /// <summary>The norm of <c>B</c>, where there is one.</summary>
    public Norm? BNorm { get; }

    /// <summary>The norm of <c>C</c>, where there is one.</summary>
    public Norm? CNorm { get; }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookGate { get; }

    /// <summary>What the convolution reads.</summary>
    public HookPoint HookInProj { get; }

    /// <summary>What the recurrence reads: the convolution after its nonlinearity.</summary>
    public HookPoint HookConv { get; }

    /// <summary>The step of each channel, after its softplus.</summary>
    public HookPoint HookDt { get; }

    /// <summary>How the token enters the state.</summary>
    public HookPoint HookB { get; }

    /// <summary>How the state is read.</summary>
    public HookPoint HookC { get; }

    /// <summary>The state after each token, as <c>C</c> reads it there; an edit changes what is read, not the states that follow.</summary>
    public HookPoint HookSsmState { get; }

    /// <summary>What the recurrence gives, the part past the state included.</summary>
    public HookPoint HookY { get; }

    /// <summary>The gated output, as <c>W_out</c> reads it.</summary>
    public HookPoint HookGated { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WX, BX, Centred: false), new(WGate, BGate, Centred: false)];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var gate = pass.Apply(HookGate, Linear.Apply(input.Values, WGate, BGate));
        var x = pass.Apply(HookInProj, Linear.Apply(input.Values, WX, BX));
        x = pass.Apply(HookConv, Activations.Apply(_config.Activation, _conv.Forward(x, pass)));
        var low = x.mm(WDtDown.Matrix);
        var dt = pass.Apply(HookDt, F.softplus(Linear.Apply(DtNorm?.Forward(low, pass) ?? low, WDt, BDt)));
        var (b, c) = (x.mm(WB.Matrix), x.mm(WC.Matrix));
        b = pass.Apply(HookB, BNorm?.Forward(b, pass) ?? b);
        c = pass.Apply(HookC, CNorm?.Forward(c, pass) ?? c);
        var y = pass.Apply(HookY, Scanned(x, dt, b, c, pass).Plus(x.Times(D.Value)));
        return Linear.Apply(pass.Apply(HookGated, y.Times(Activations.Apply(_config.Activation, gate))), WOut, BOut);
    }

    private Tensor Scanned(Tensor x, Tensor dt, Tensor b, Tensor c, Pass pass)
    {
        var rates = ALog.Value.Wide().exp().neg();
        return pass.Mixed((segment, index) =>
        {
            var order = segment.Order;
            Tensor Own(Tensor rows) => order.In(pass.View(segment, rows)).Wide();
            var (steps, read) = (order.Cleared(Own(dt)), Own(c));
            var (entering, into) = (Own(x), Own(b));
            var state = segment.StateOf(_layer, "ssm");
            var show = pass.Listens(HookSsmState);
            var most = show ? segment.Length : Math.Max(1, MostHeld / (segment.Batch * _config.DInner * _config.DState));
            List<Tensor> parts = [];
            for (var at = 0L; at < segment.Length; at += most)
            {
                var count = Math.Min(most, segment.Length - at);
                using var scope = torch.NewDisposeScope();
                var step = steps.narrow(1, at, count).unsqueeze(-1);
                var decay = step.Times(rates).exp();
                var added = step.Times(into.narrow(1, at, count).unsqueeze(2)).Times(entering.narrow(1, at, count).unsqueeze(-1));
                var states = LinearScan.Run(decay, added, state);
                state = states.select(1, count - 1).clone().MoveToOuterDisposeScope();
                states = show ? order.In(pass.Apply(HookSsmState, order.Out(states), index)) : states;
                parts.Add(states.reshape(-1, _config.DInner, _config.DState).bmm(read.narrow(1, at, count).reshape(-1, _config.DState, 1)).view(segment.Batch, count, -1).MoveToOuterDisposeScope());
            }

            segment.Prefix.Remember(_layer, "ssm", state!);
            return order.Out(parts.Count == 1 ? parts[0] : torch.cat(parts, 1)).to(x.dtype);
        });
    }
}
