using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The part of a block that lets the stream gate the token's vector of this layer.</summary>
/// <remarks><c>pre = x·W_gate</c>, <c>post = act(pre) ⊙ vector</c>, <c>out = norm(post·W_out)</c>. Source: the released code of Google's Gemma 3n models.</remarks>
public sealed class PerLayerInput : Component
{
    private readonly Activation _activation;
    private readonly int _layer;

    internal PerLayerInput(PartScope outer, PerLayerInputConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_ple", config.Width));
        _activation = config.Activation;
        _layer = scope.Layer;
        WGate = scope.Weight("W_gate", "d_model d_ple");
        WOut = scope.Weight("W_out", "d_ple d_model");
        HookPre = scope.Point("hook_pre", "batch pos d_ple");
        HookPost = scope.Point("hook_post", "batch pos d_ple");
        Ln = new(scope.Child("ln"), config.Norm);
    }

    /// <summary>Gate weights.</summary>
    public Weight WGate { get; }

    /// <summary>Output weights.</summary>
    public Weight WOut { get; }

    /// <summary>The norm of what the weights write.</summary>
    public Norm Ln { get; }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookPre { get; }

    /// <summary>The gated vector.</summary>
    public HookPoint HookPost { get; }

    /// <summary>What the part adds to the stream.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Forward(Tensor x, Pass pass)
    {
        var gate = Activations.Apply(_activation, pass.Apply(HookPre, Linear.Apply(x, WGate)));
        return Ln.Forward(Linear.Apply(pass.Apply(HookPost, gate.Times(pass.PerLayerVectors.select(1, _layer))), WOut), pass);
    }
}
