using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>A gated linear recurrence, hookable at every intermediate.</summary>
/// <remarks>
/// <c>x = conv(u·W_x)</c>, gates <c>i, r = σ(x·W)</c> with block-diagonal weights, <c>a = exp(-8·r·softplus(Lambda))</c>, <c>h = a·h + √(1 - a²)·i·x</c>,
/// <c>out = (h ⊙ act(u·W_gate))·W_out</c>. At position 0 the state is forgotten and <c>i·x</c> enters whole. Source: De et al. 2024 (arXiv:2402.19427) §2.4.
/// The convolution reads masked tokens too, as the reference does: padding on the left changes what follows.
/// </remarks>
public sealed class LinearRecurrence : Mixer
{
    /// <summary>The factor in the exponent of the decay.</summary>
    private const double Steepness = -8;

    private readonly LinearRecurrenceConfig _config;
    private readonly CausalConvolution _conv;
    private readonly int _layer;

    internal LinearRecurrence(PartScope outer, LinearRecurrenceConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_inner", config.DInner), ("block", config.NBlocks), ("d_block", config.DInner / config.NBlocks), ("d_group", config.DInner / config.NBlocks), ("d_kernel", config.Kernel));
        (_config, _layer) = (config, scope.Layer);
        WGate = scope.Weight("W_gate", "d_model d_inner");
        BGate = scope.Weight("b_gate", "d_inner");
        HookGate = scope.Point("hook_gate", "batch pos d_inner");
        WX = scope.Weight("W_x", "d_model d_inner");
        BX = scope.Weight("b_x", "d_inner");
        HookInProj = scope.Point("hook_in_proj", "batch pos d_inner");
        _conv = new(scope, "d_inner", bias: true);
        HookConv = scope.Point("hook_conv", "batch pos d_inner");
        WInputGate = scope.Weight("W_input_gate", "block d_block d_group");
        BInputGate = scope.Weight("b_input_gate", "block d_group");
        HookInputGate = scope.Point("hook_input_gate", "batch pos d_inner");
        WRecurrenceGate = scope.Weight("W_recurrence_gate", "block d_block d_group");
        BRecurrenceGate = scope.Weight("b_recurrence_gate", "block d_group");
        HookRecurrenceGate = scope.Point("hook_recurrence_gate", "batch pos d_inner");
        Lambda = scope.Weight("Lambda", "d_inner");
        HookY = scope.Point("hook_y", "batch pos d_inner");
        HookGated = scope.Point("hook_gated", "batch pos d_inner");
        WOut = scope.Weight("W_out", "d_inner d_model");
        BOut = scope.Weight("b_out", "d_model");
    }

    /// <summary>The projection of the gated branch.</summary>
    public Weight WGate { get; }

    /// <summary>Its bias.</summary>
    public Weight BGate { get; }

    /// <summary>The projection that the convolution reads.</summary>
    public Weight WX { get; }

    /// <summary>Its bias.</summary>
    public Weight BX { get; }

    /// <summary>The convolution of each channel, the last weight for the position itself.</summary>
    public Weight WConv => _conv.W;

    /// <summary>Its bias.</summary>
    public Weight BConv => _conv.B!;

    /// <summary>The weights of the gate on what enters the state, block by block.</summary>
    public Weight WInputGate { get; }

    /// <summary>Its bias.</summary>
    public Weight BInputGate { get; }

    /// <summary>The weights of the gate on the decay, block by block.</summary>
    public Weight WRecurrenceGate { get; }

    /// <summary>Its bias.</summary>
    public Weight BRecurrenceGate { get; }

    /// <summary>The rate of each channel's decay, before its softplus.</summary>
    public Weight Lambda { get; }

    /// <summary>The projection to the stream.</summary>
    public Weight WOut { get; }

    /// <summary>Its bias.</summary>
    public Weight BOut { get; }

    /// <summary>The gated branch before its nonlinearity.</summary>
    public HookPoint HookGate { get; }

    /// <summary>What the convolution reads.</summary>
    public HookPoint HookInProj { get; }

    /// <summary>What the recurrence reads.</summary>
    public HookPoint HookConv { get; }

    /// <summary>The gate on what enters the state, from 0 to 1.</summary>
    public HookPoint HookInputGate { get; }

    /// <summary>The gate on the decay, from 0 (keep) to 1.</summary>
    public HookPoint HookRecurrenceGate { get; }

    /// <summary>The state after each token, which is what the recurrence gives; an edit changes what is read there, not the states that follow.</summary>
    public HookPoint HookY { get; }

    /// <summary>The gated output, as <c>W_out</c> reads it.</summary>
    public HookPoint HookGated { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WGate, BGate, Centred: false), new(WX, BX, Centred: false)];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var gate = pass.Apply(HookGate, Linear.Apply(input.Values, WGate, BGate));
        var x = pass.Apply(HookConv, _conv.Forward(pass.Apply(HookInProj, Linear.Apply(input.Values, WX, BX)), pass, seesMasked: true));
        var blocks = x.reshape(x.shape[0], _config.NBlocks, -1);
        var enters = pass.Apply(HookInputGate, Linear.PerHead(blocks, WInputGate, BInputGate).reshape(x.shape).sigmoid());
        var forgets = pass.Apply(HookRecurrenceGate, Linear.PerHead(blocks, WRecurrenceGate, BRecurrenceGate).reshape(x.shape).sigmoid());
        var exponent = forgets.Times(Steepness).Times(F.softplus(Lambda.Value)).Wide();
        var first = pass.Positions.Is(0).unsqueeze(1);
        var added = x.Times(enters).Wide();
        added = torch.where(first, added, added.Times(exponent.Times(2).exp().neg().Plus(1).sqrt()));
        var y = pass.Apply(HookY, Scanned(exponent.exp().FilledWhere(first, 0), added, pass).to(x.dtype));
        return Linear.Apply(pass.Apply(HookGated, y.Times(Activations.Apply(_config.Activation, gate))), WOut, BOut);
    }

    private Tensor Scanned(Tensor decay, Tensor added, Pass pass) => pass.Mixed((segment, _) =>
    {
        var states = LinearScan.Run(pass.View(segment, decay), pass.View(segment, added), segment.StateOf(_layer, "lru"));
        segment.Prefix.Remember(_layer, "lru", states.select(1, segment.Length - 1).clone());
        return states;
    });
}
