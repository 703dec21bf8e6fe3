using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A gated short convolution, hookable at every intermediate.</summary>
/// <remarks><c>out = (C ⊙ conv(B ⊙ x))·W_out</c> with <c>B = u·W_B</c>, <c>C = u·W_C</c>, <c>x = u·W_x</c>. Source: Liquid AI 2025 (arXiv:2511.23404).</remarks>
public sealed class ShortConvolution : Mixer
{
    private readonly CausalConvolution _conv;

    internal ShortConvolution(PartScope outer, ShortConvolutionConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_inner", config.DInner), ("d_kernel", config.Kernel));
        WB = scope.Weight("W_B", "d_model d_inner");
        WC = scope.Weight("W_C", "d_model d_inner");
        WX = scope.Weight("W_x", "d_model d_inner");
        BB = scope.Weight("b_B", "d_inner", required: config.Bias);
        BC = scope.Weight("b_C", "d_inner", required: config.Bias);
        BX = scope.Weight("b_x", "d_inner", required: config.Bias);
        HookB = scope.Point("hook_B", "batch pos d_inner");
        HookC = scope.Point("hook_C", "batch pos d_inner");
        HookX = scope.Point("hook_x", "batch pos d_inner");
        HookInProj = scope.Point("hook_in_proj", "batch pos d_inner");
        _conv = new(scope, "d_inner", config.Bias);
        HookConv = scope.Point("hook_conv", "batch pos d_inner");
        HookGated = scope.Point("hook_gated", "batch pos d_inner");
        WOut = scope.Weight("W_out", "d_inner d_model");
        BOut = scope.Weight("b_out", "d_model", required: config.Bias);
    }

    /// <summary>The projection of the gate before the convolution.</summary>
    public Weight WB { get; }

    /// <summary>The projection of the gate after the convolution.</summary>
    public Weight WC { get; }

    /// <summary>The projection of what is convolved.</summary>
    public Weight WX { get; }

    /// <summary>The bias of the first gate.</summary>
    public Weight BB { get; }

    /// <summary>The bias of the second gate.</summary>
    public Weight BC { get; }

    /// <summary>The bias of what is convolved.</summary>
    public Weight BX { get; }

    /// <summary>The convolution of each channel, the last weight for the position itself.</summary>
    public Weight WConv => _conv.W;

    /// <summary>Its bias, where there is one.</summary>
    public Weight? BConv => _conv.B;

    /// <summary>The projection to the stream.</summary>
    public Weight WOut { get; }

    /// <summary>Its bias.</summary>
    public Weight BOut { get; }

    /// <summary>The gate before the convolution.</summary>
    public HookPoint HookB { get; }

    /// <summary>The gate after the convolution.</summary>
    public HookPoint HookC { get; }

    /// <summary>What is convolved, before its gate.</summary>
    public HookPoint HookX { get; }

    /// <summary>What the convolution reads: <c>B ⊙ x</c>.</summary>
    public HookPoint HookInProj { get; }

    /// <summary>What the convolution gives.</summary>
    public HookPoint HookConv { get; }

    /// <summary>The gated output, as <c>W_out</c> reads it.</summary>
    public HookPoint HookGated { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WB, BB, Centred: false), new(WC, BC, Centred: false), new(WX, BX, Centred: false)];

    internal override Tensor Forward(MixerInput input, Pass pass)
    {
        var b = pass.Apply(HookB, Linear.Apply(input.Values, WB, BB));
        var c = pass.Apply(HookC, Linear.Apply(input.Values, WC, BC));
        var x = pass.Apply(HookX, Linear.Apply(input.Values, WX, BX));
        var mixed = pass.Apply(HookConv, _conv.Forward(pass.Apply(HookInProj, b.Times(x)), pass));
        return Linear.Apply(pass.Apply(HookGated, c.Times(mixed)), WOut, BOut);
    }
}
