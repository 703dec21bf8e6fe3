using Fathom.Configuration;
using Fathom.Hooks;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>The vectors of distances between positions, which every layer's attention reads.</summary>
/// <remarks>Source: He et al. 2020 (arXiv:2006.03654) §3.1.</remarks>
public sealed class RelativeEmbed : Component
{
    private readonly LayerNormConfig _norm;

    internal RelativeEmbed(PartScope outer, RelativeEmbedConfig config)
        : base(outer)
    {
        var scope = outer.With(("n_relative", config.Count));
        _norm = config.Norm;
        WRel = scope.Weight("W_rel", "n_relative d_model");
        LnW = scope.Weight("ln.w", "d_model");
        LnB = scope.Weight("ln.b", "d_model");
        HookRelEmbed = scope.Point("hook_rel_embed", "n_relative d_model");
    }

    /// <summary>One row per distance, from a key far behind the query to one far ahead.</summary>
    public Weight WRel { get; }

    /// <summary>The gain of the norm of the vectors.</summary>
    public Weight LnW { get; }

    /// <summary>The bias of the norm of the vectors.</summary>
    public Weight LnB { get; }

    /// <summary>The normalized vectors, as attention reads them.</summary>
    public HookPoint HookRelEmbed { get; }

    /// <summary>Computes the normalized vectors.</summary>
    /// <param name="pass">The run.</param>
    /// <returns><c>[n_relative, d_model]</c>.</returns>
    internal Tensor Forward(Pass pass)
    {
        var (vectors, gain, bias) = (WRel.Value, LnW.Value, LnB.Value);
        var half = vectors.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
        var normalized = half
            ? F.layer_norm(vectors.to(torch.float32), [WRel.Shape[1]], gain.to(torch.float32), bias.to(torch.float32), _norm.Epsilon).to(vectors.dtype)
            : F.layer_norm(vectors, [WRel.Shape[1]], gain, bias, _norm.Epsilon);
        return pass.Apply(HookRelEmbed, normalized, 0);
    }
}
