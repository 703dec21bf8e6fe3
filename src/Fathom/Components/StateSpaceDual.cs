using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>A state-space mixer of heads, hookable at every intermediate.</summary>
/// <remarks>
/// <c>x, B, C = act(conv(u·W_xBC))</c>, <c>dt = softplus(u·W_dt + b_dt)</c>, per head <c>h = exp(-dt·exp(A_log))·h + dt·x⊗B</c>, <c>y = h·C + D·x</c>,
/// <c>out = norm(y ⊙ act(u·W_gate))·W_out</c> with a norm per group of heads. Source: Dao and Gu 2024 (arXiv:2405.21060) §6.
/// </remarks>
public sealed class StateSpaceDual : Mixer
{
    private readonly StateSpaceDualConfig _config;
    private readonly CausalConvolution _conv;
    private readonly int _layer;

    internal StateSpaceDual(PartScope outer, StateSpaceDualConfig config)
        : base(outer)
    {
        long width = (long)config.NHeads * config.DHead;
        var scope = outer.With(("mixer_head", config.NHeads), ("d_head", config.DHead), ("n_groups", config.NGroups), ("d_group", width / config.NGroups), ("d_state", config.DState),
            ("d_conv", width + (2L * config.NGroups * config.DState)), ("d_kernel", config.Kernel));
        (_config, _layer) = (config, scope.Layer);
        WGate = scope.Weight("W_gate", "mixer_head d_model d_head", "d_model (mixer_head d_head)");
        BGate = scope.Weight("b_gate", "mixer_head d_head", required: config.Bias);
        WXBC = scope.Weight("W_xBC", "d_model d_conv");
        BXBC = scope.Weight("b_xBC", "d_conv", required: config.Bias);
        WDt = scope.Weight("W_dt", "d_model mixer_head");
        BDtProj = scope.Weight("b_dt_proj", "mixer_head", required: config.Bias);
        BDt = scope.Weight("b_dt", "mixer_head");
        HookGate = scope.Point("hook_gate", "batch pos mixer_head d_head");
        HookInProj = scope.Point("hook_in_proj", "batch pos d_conv");
        _conv = new(scope, "d_conv", config.ConvBias);
        HookConv = scope.Point("hook_conv", "batch pos d_conv");
        HookDt = scope.Point("hook_dt", "batch pos mixer_head");
        HookX = scope.Point("hook_x", "batch pos mixer_head d_head");
        HookB = scope.Point("hook_B", "batch pos n_groups d_state");
        HookC = scope.Point("hook_C", "batch pos n_groups d_state");
        ALog = scope.Weight("A_log", "mixer_head");
        D = scope.Weight("D", "mixer_head");
        HookY = scope.Point("hook_y", "batch pos mixer_head d_head");
        HookGated = scope.Point("hook_gated", "batch pos mixer_head d_head");
        OutputNorm = new(scope.Child("norm"), config.OutputNorm, "batch pos n_groups d_group", "n_groups d_group");
        WOut = scope.Weight("W_out", "mixer_head d_head d_model", "(mixer_head d_head) d_model");
        BOut = scope.Weight("b_out", "d_model", required: config.Bias);
    }

    /// <summary>The projection of the gate.</summary>
    public Weight WGate { get; }

    /// <summary>Its bias.</summary>
    public Weight BGate { get; }

    /// <summary>The projection that the convolution reads: channels, then input maps, then output maps.</summary>
    public Weight WXBC { get; }

    /// <summary>Its bias.</summary>
    public Weight BXBC { get; }

    /// <summary>The projection to steps.</summary>
    public Weight WDt { get; }

    /// <summary>The bias of that projection, where projections have biases.</summary>
    public Weight BDtProj { get; }

    /// <summary>The bias of steps before their softplus.</summary>
    public Weight BDt { get; }

    /// <summary>The convolution of each channel, the last weight for the position itself.</summary>
    public Weight WConv => _conv.W;

    /// <summary>Its bias, where there is one.</summary>
    public Weight? BConv => _conv.B;

    /// <summary>The logarithm of each head's decay rate.</summary>
    public Weight ALog { get; }

    /// <summary>The factor of each head past the state.</summary>
    public Weight D { get; }

    /// <summary>The norm of the gated output, of each group of heads by itself.</summary>
    public Norm OutputNorm { get; }

    /// <summary>The projection to the stream.</summary>
    public Weight WOut { get; }

    /// <summary>Its bias.</summary>
    public Weight BOut { get; }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookGate { get; }

    /// <summary>What the convolution reads.</summary>
    public HookPoint HookInProj { get; }

    /// <summary>The convolution after its nonlinearity: channels, input maps, output maps.</summary>
    public HookPoint HookConv { get; }

    /// <summary>The step of each head, after softplus and bounds.</summary>
    public HookPoint HookDt { get; }

    /// <summary>The channels that the recurrence reads.</summary>
    public HookPoint HookX { get; }

    /// <summary>How the token enters the state, one map per group of heads.</summary>
    public HookPoint HookB { get; }

    /// <summary>How the state is read, one map per group of heads.</summary>
    public HookPoint HookC { get; }

    /// <summary>What the recurrence gives, the part past the state included.</summary>
    public HookPoint HookY { get; }

    /// <summary>The gated output, before its norm.</summary>
    public HookPoint HookGated { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WGate, BGate, Centred: false), new(WXBC, BXBC, Centred: false), new(WDt, BDtProj, Centred: false)];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var (u, heads, maps) = (input.Values, (long)_config.NHeads, (long)_config.NGroups * _config.DState);
        var rows = u.shape[0];
        var gate = pass.Apply(HookGate, Linear.Apply(u, WGate, BGate).view(rows, heads, -1));
        var mixed = pass.Apply(HookInProj, Linear.Apply(u, WXBC, BXBC));
        var dt = F.softplus(Linear.Apply(u, WDt, BDtProj).Plus(BDt.Value));
        dt = pass.Apply(HookDt, Bounded(dt));
        mixed = pass.Apply(HookConv, Activations.Apply(_config.Activation, _conv.Forward(mixed, pass)));
        var x = pass.Apply(HookX, mixed.narrow(1, 0, heads * _config.DHead).reshape(rows, heads, -1));
        var b = pass.Apply(HookB, mixed.narrow(1, heads * _config.DHead, maps).reshape(rows, _config.NGroups, -1));
        var c = pass.Apply(HookC, mixed.narrow(1, (heads * _config.DHead) + maps, maps).reshape(rows, _config.NGroups, -1));
        var y = pass.Apply(HookY, Scanned(x, dt, b, c, pass).Plus(x.Times(D.Value.unsqueeze(-1))));
        var gated = pass.Apply(HookGated, y.Times(Activations.Apply(_config.Activation, gate)));
        return Linear.Apply(OutputNorm.Forward(gated.reshape(rows, _config.NGroups, -1), pass).reshape(rows, -1), WOut, BOut);
    }

    private Tensor Bounded(Tensor dt)
    {
        if (_config.SmallestStep <= 0 && double.IsPositiveInfinity(_config.LargestStep))
        {
            return dt;
        }

        using var low = _config.SmallestStep.ToScalar();
        using var high = _config.LargestStep.ToScalar();
        return dt.clamp(low, high);
    }

    private Tensor Scanned(Tensor x, Tensor dt, Tensor b, Tensor c, Pass pass)
    {
        var rates = ALog.Value.Wide().exp().neg();
        return pass.Mixed((segment, _) =>
        {
            var order = segment.Order;
            Tensor Own(Tensor rows) => order.In(pass.View(segment, rows)).Wide();
            var steps = order.Cleared(Own(dt));
            var (y, state) = HeadScan.Run(steps.Times(rates), Own(x).Times(steps.unsqueeze(-1)), Own(b), Own(c), segment.StateOf(_layer, "ssm"));
            segment.Prefix.Remember(_layer, "ssm", state);
            return order.Out(y).to(x.dtype);
        });
    }
}
