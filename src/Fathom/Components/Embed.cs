using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The token embedding, with its factor, norm and projection where a family has them.</summary>
public sealed class Embed : Component
{
    private readonly double _scale;

    internal Embed(PartScope outer, ModelConfig config)
        : base(outer)
    {
        var scope = config.DEmbed is { } width ? outer.With(("d_embed", width)) : outer;
        _scale = config.EmbedScale;
        WE = scope.Weight("W_E", config.DEmbed is null ? "d_vocab d_model" : "d_vocab d_embed");
        WProj = config.DEmbed is null ? null : scope.Weight("W_proj", "d_embed d_model");
        Ln = config.EmbedNorm is { } norm ? new(scope.Child("ln"), norm) : null;
    }

    /// <summary>The embedding, one row per token.</summary>
    public Weight WE { get; }

    /// <summary>The projection of narrower word vectors into the stream, where there is one.</summary>
    public Weight? WProj { get; }

    /// <summary>The norm after the embedding, where there is one.</summary>
    public Norm? Ln { get; }

    /// <summary>Embeds.</summary>
    /// <param name="tokens">Token ids, <c>[rows]</c>, int64.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal Tensor Forward(Tensor tokens, Pass pass)
    {
        var x = WE.Value.index_select(0, tokens);
        x = WProj is null ? x : Linear.Apply(x, WProj);
        x = _scale == 1 ? x : x.Times(Rounded(_scale, x.dtype));
        return Ln?.Forward(x, pass) ?? x;
    }

    /// <summary>The factor in the model's own precision: in 16 bit it is rounded before the product, as the families that have one do.</summary>
    internal static double Rounded(double factor, torch.ScalarType dtype)
    {
        if (dtype is torch.ScalarType.Float32 or torch.ScalarType.Float64)
        {
            return factor;
        }

        using var scope = torch.NewDisposeScope();
        return torch.tensor(factor, torch.float64).to(dtype).to(torch.float64).item<double>();
    }
}
