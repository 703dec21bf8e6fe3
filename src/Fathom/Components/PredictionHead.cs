using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>The layer between the stream and the unembedding, where there is one.</summary>
/// <remarks><c>pre = x·W + b</c>, <c>out = norm(act(pre))</c>. Source: Devlin et al. 2018 (arXiv:1810.04805), where it predicts masked words.</remarks>
public sealed class PredictionHead : Component
{
    private readonly PredictionHeadConfig _config;

    internal PredictionHead(PartScope outer, PredictionHeadConfig config, int width)
        : base(outer)
    {
        var scope = outer.With(("d_embed", width));
        _config = config;
        W = scope.Weight("W", "d_model d_embed");
        B = scope.Weight("b", "d_embed", required: config.Bias);
        HookPre = scope.Point("hook_pre", "batch pos d_embed", optional: true);
        HookPost = scope.Point("hook_post", "batch pos d_embed", optional: true);
        Ln = new(scope.Child("ln"), config.Norm, "batch pos d_embed", "d_embed");
    }

    /// <summary>The weights.</summary>
    public Weight W { get; }

    /// <summary>The bias.</summary>
    public Weight B { get; }

    /// <summary>The norm behind the nonlinearity.</summary>
    public Norm Ln { get; }

    /// <summary>The neurons before the nonlinearity.</summary>
    public HookPoint HookPre { get; }

    /// <summary>The neurons after the nonlinearity, before the norm.</summary>
    public HookPoint HookPost { get; }

    /// <summary>Computes what the unembedding reads.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_model]</c>, or as wide as the word vectors where those are narrower.</returns>
    internal Tensor Forward(Tensor x, Pass pass)
    {
        var pre = pass.Apply(HookPre, Linear.Apply(x, W, B));
        return Ln.Forward(pass.Apply(HookPost, Activations.Apply(_config.Activation, pre)), pass);
    }
}
