using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>What an encoder embeds: tokens, positions and token types, summed, normalized, and brought to the width of the stream where they are narrower.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805) §3; narrower vectors: Lan et al. 2019 (arXiv:1909.11942) §3.1.</remarks>
public sealed class EncoderEmbed : Component
{
    private readonly double _scale;

    internal EncoderEmbed(PartScope outer, ModelConfig config)
        : base(outer)
    {
        var (scope, width) = config.DEmbed is { } narrow ? (outer.With(("d_embed", narrow)), "d_embed") : (outer, "d_model");
        _scale = config.EmbedScale;
        WE = scope.Child("embed").Weight("W_E", $"d_vocab {width}");
        HookEmbed = scope.Point("hook_embed", $"batch pos {width}");
        if (config.Positions is { } positions)
        {
            PosEmbed = new(scope.Child("pos_embed"), positions, config.NCtx, width);
            HookPosEmbed = scope.Point("hook_pos_embed", $"batch pos {width}");
        }

        if (config.TokenTypes is { } types)
        {
            WTokenType = scope.With(("n_types", types)).Child("token_type_embed").Weight("W_token_type", $"n_types {width}");
            HookTokenTypeEmbed = scope.Point("hook_token_type_embed", $"batch pos {width}");
        }

        Ln = config.EmbedNorm is { } norm ? new(scope.Child("ln"), norm, $"batch pos {width}", width) : null;
        WProj = config.DEmbed is null ? null : scope.Weight("W_proj", "d_embed d_model");
        BProj = config.DEmbed is null ? null : scope.Weight("b_proj", "d_model");
    }

    /// <summary>The token embedding, one row per token.</summary>
    public Weight WE { get; }

    /// <summary>Position vectors, where they are added.</summary>
    public PosEmbed? PosEmbed { get; }

    /// <summary>The vectors of token types (segments), one row per type, where there are any.</summary>
    public Weight? WTokenType { get; }

    /// <summary>The norm of the sum, where there is one.</summary>
    public Norm? Ln { get; }

    /// <summary>The projection of narrower vectors into the stream, where there is one.</summary>
    public Weight? WProj { get; }

    /// <summary>The projection's bias.</summary>
    public Weight? BProj { get; }

    /// <summary>The embedded tokens.</summary>
    public HookPoint HookEmbed { get; }

    /// <summary>The position vectors, where they are added.</summary>
    public HookPoint? HookPosEmbed { get; }

    /// <summary>The vectors of the token types, where there are any.</summary>
    public HookPoint? HookTokenTypeEmbed { get; }

    /// <summary>Embeds.</summary>
    /// <param name="tokens">Token ids, <c>[rows]</c>, int64.</param>
    /// <param name="types">Token types, <c>[rows]</c>, int64; <see langword="null"/> for type 0 everywhere.</param>
    /// <param name="pass">The run.</param>
    /// <param name="asLeaves">Whether the parts are leaves that gradients flow to.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal Tensor Forward(Tensor tokens, Tensor? types, Pass pass, bool asLeaves)
    {
        Tensor Leaf(Tensor part) => asLeaves ? part.detach().requires_grad_().clone() : part;
        var words = WE.Value.index_select(0, tokens);
        var x = pass.Apply(HookEmbed, Leaf(_scale == 1 ? words : words.Times(_scale)));
        if (PosEmbed is not null)
        {
            x = x.Plus(pass.Apply(HookPosEmbed!, Leaf(PosEmbed.Forward(pass, x.dtype))));
        }

        if (WTokenType is not null)
        {
            x = x.Plus(pass.Apply(HookTokenTypeEmbed!, Leaf(WTokenType.Value.index_select(0, types ?? torch.zeros_like(tokens)))));
        }

        x = Ln?.Forward(x, pass) ?? x;
        return WProj is null ? x : Linear.Apply(x, WProj, BProj);
    }
}
