using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The map from the residual stream to logits.</summary>
public sealed class Unembed : Component
{
    private readonly ModelConfig _config;

    internal Unembed(PartScope outer, ModelConfig config)
        : base(outer)
    {
        var scope = config.DEmbed is { } width ? outer.With(("d_embed", width)) : outer;
        _config = config;
        WProj = config.DEmbed is null || config.Head is not null ? null : scope.Weight("W_proj", "d_model d_embed");
        WU = scope.Weight("W_U", config.DEmbed is null ? "d_model d_vocab" : "d_embed d_vocab");
        BU = scope.Weight("b_U", "d_vocab", required: config.UnembedBias);
        HookIn = scope.Point("hook_in", config.DEmbed is not null && WProj is null ? "batch pos d_embed" : "batch pos d_model");
        HookOut = scope.Point("hook_out", "batch pos d_vocab");
    }

    /// <summary>The projection of the stream to narrower word vectors, where there is one.</summary>
    public Weight? WProj { get; }

    /// <summary>The unembedding, one column per token; the transpose of <c>W_E</c> where the two are tied.</summary>
    public Weight WU { get; }

    /// <summary>The logits' bias.</summary>
    public Weight BU { get; }

    /// <summary>What the unembedding reads.</summary>
    public HookPoint HookIn { get; }

    /// <summary>Logits before any factor or bound on them.</summary>
    public HookPoint HookOut { get; }

    /// <summary>Computes logits.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_vocab]</c>.</returns>
    internal Tensor Forward(Tensor x, Pass pass)
    {
        x = pass.Apply(HookIn, x);
        x = WProj is null ? x : Linear.Apply(x, WProj);
        return Bound(pass.Apply(HookOut, Linear.Apply(x, WU, BU)));
    }

    /// <summary>Computes the logits of a few tokens only; no hook is shown them.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="tokens">Token ids, <c>[n]</c>, int64.</param>
    /// <returns><c>[rows, n]</c>.</returns>
    internal Tensor Columns(Tensor x, Tensor tokens)
    {
        x = WProj is null ? x : Linear.Apply(x, WProj);
        var logits = x.mm(WU.Matrix.index_select(1, tokens));
        return Bound(BU.IsBound ? logits.Plus(BU.Value.index_select(0, tokens)) : logits);
    }

    /// <summary>Applies the factor and bound on logits.</summary>
    internal Tensor Bound(Tensor logits)
    {
        logits = _config.LogitScale == 1 ? logits : logits.Times(_config.LogitScale);
        return _config.LogitSoftCap is { } cap ? logits.Over(cap).tanh().Times(cap) : logits;
    }
}
