using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A gated MLP (GLU family).</summary>
/// <remarks><c>pre = x·W_gate + b_gate</c>, <c>pre_linear = x·W_in</c>, <c>post = act(pre) ⊙ pre_linear</c> (plus <c>b_in</c> where there is one, joined to <c>pre_linear</c>), <c>out = post·W_out + b_out</c>. Source: Shazeer 2020 (arXiv:2002.05202).</remarks>
public sealed class GatedMlp : FeedForward
{
    private readonly GatedMlpConfig _config;

    internal GatedMlp(PartScope outer, GatedMlpConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_mlp", config.DMlp));
        _config = config;
        WGate = scope.Weight("W_gate", "d_model d_mlp");
        BGate = scope.Weight("b_gate", "d_mlp", required: config.Bias);
        WIn = scope.Weight("W_in", "d_model d_mlp");
        BIn = scope.Weight("b_in", "d_mlp", required: config.Bias);
        WOut = scope.Weight("W_out", "d_mlp d_model");
        BOut = scope.Weight("b_out", "d_model", required: config.Bias);
        HookPre = scope.Point("hook_pre", "batch pos d_mlp");
        HookPreLinear = scope.Point("hook_pre_linear", "batch pos d_mlp");
        HookPost = scope.Point("hook_post", "batch pos d_mlp");
        Ln = config.HiddenNorm is { } norm ? new(scope.Child("ln"), norm, "batch pos d_mlp", "d_mlp") : null;
    }

    /// <summary>Gate weights.</summary>
    public Weight WGate { get; }

    /// <summary>Gate bias.</summary>
    public Weight BGate { get; }

    /// <summary>Weights of the branch that the gate multiplies.</summary>
    public Weight WIn { get; }

    /// <summary>Bias of the branch that the gate multiplies.</summary>
    public Weight BIn { get; }

    /// <summary>Output weights.</summary>
    public Weight WOut { get; }

    /// <summary>Output bias.</summary>
    public Weight BOut { get; }

    /// <summary>The norm over the hidden width before <c>W_out</c>, where there is one.</summary>
    public Norm? Ln { get; }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookPre { get; }

    /// <summary>The branch that the gate multiplies.</summary>
    public HookPoint HookPreLinear { get; }

    /// <summary>Gated neurons.</summary>
    public HookPoint HookPost { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WGate, BGate, Centred: false), new(WIn, BIn)];

    internal override IReadOnlyList<Weight> Writers => [WOut, BOut];

    internal override Tensor Forward(Tensor x, Pass pass)
    {
        var pre = pass.Apply(HookPre, Linear.Apply(x, WGate, BGate));
        var linear = pass.Apply(HookPreLinear, Linear.Apply(x, WIn, BIn));
        var gate = _config.Sparsity > 0 ? GaussianTopK.Apply(pre, _config.Sparsity) : pre;
        return Output(pass.Apply(HookPost, Activations.Apply(_config.Activation, gate).Times(linear)), pass);
    }

    /// <summary>What neurons write: <c>[rows, d_model]</c>.</summary>
    internal Tensor Output(Tensor post, Pass pass) => Linear.Apply(Ln?.Forward(post, pass) ?? post, WOut, BOut);
}
