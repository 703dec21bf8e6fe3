using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>A plain two-layer MLP.</summary>
/// <remarks><c>pre = x·W_in + b_in</c>, <c>post = act(pre)</c>, <c>out = post·W_out + b_out</c>.</remarks>
public sealed class Mlp : FeedForward
{
    private readonly PlainMlpConfig _config;
    private readonly Xielu? _xielu;

    internal Mlp(PartScope outer, PlainMlpConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_mlp", config.DMlp));
        _config = config;
        WIn = scope.Weight("W_in", "d_model d_mlp");
        BIn = scope.Weight("b_in", "d_mlp", required: config.Bias);
        WOut = scope.Weight("W_out", "d_mlp d_model");
        BOut = scope.Weight("b_out", "d_model", required: config.Bias);
        _xielu = config.Activation == Activation.Xielu ? new(scope.Child("act_fn")) : null;
        HookPre = scope.Point("hook_pre", "batch pos d_mlp");
        if (config.HiddenNorm is { } norm)
        {
            HookMid = scope.Point("hook_mid", "batch pos d_mlp");
            Ln = new(scope.Child("ln"), norm, "batch pos d_mlp", "d_mlp");
        }

        HookPost = scope.Point("hook_post", "batch pos d_mlp");
    }

    /// <summary>Input weights.</summary>
    public Weight WIn { get; }

    /// <summary>Input bias.</summary>
    public Weight BIn { get; }

    /// <summary>Output weights.</summary>
    public Weight WOut { get; }

    /// <summary>Output bias.</summary>
    public Weight BOut { get; }

    /// <summary>The norm over the hidden width, where there is one.</summary>
    public Norm? Ln { get; }

    /// <summary>Neurons before the nonlinearity.</summary>
    public HookPoint HookPre { get; }

    /// <summary>Neurons after the nonlinearity and before <see cref="Ln"/>, where that exists.</summary>
    public HookPoint? HookMid { get; }

    /// <summary>Neurons as <c>W_out</c> reads them.</summary>
    public HookPoint HookPost { get; }

    internal override IReadOnlyList<Reader> Readers => [new(WIn, BIn)];

    internal override IReadOnlyList<Weight> Writers => [WOut, BOut];

    internal override Tensor Forward(Tensor x, Pass pass)
    {
        if (_config is { Activation: Activation.GeluTanh, HiddenNorm: null } && BIn.IsBound && pass.IsWindow && !pass.Listens(HookPre) && !pass.Listens(HookPost) && BiasedGelu.Serves(x))
        {
            var hidden = x.mm(WIn.Matrix);
            BiasedGelu.Apply(hidden, BIn.Value);
            return Output(hidden);
        }

        var pre = pass.Apply(HookPre, Linear.Apply(x, WIn, BIn));
        var post = _xielu?.Apply(pre) ?? Activations.Apply(_config.Activation, pre);
        post = Ln is null ? post : Ln.Forward(pass.Apply(HookMid!, post), pass);
        return Output(pass.Apply(HookPost, post));
    }

    /// <summary>What neurons write: <c>[rows, d_model]</c>.</summary>
    internal Tensor Output(Tensor post) => Linear.Apply(post, WOut, BOut);
}
