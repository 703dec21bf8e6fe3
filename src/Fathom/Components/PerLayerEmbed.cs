using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A second embedding: a narrow vector per token and layer, which the blocks read beside the stream.</summary>
/// <remarks><c>vector = (W_E[token]·√width + norm(embedding·W_proj / √d_model)) / √2</c>. Source: the released code of Google's Gemma 3n models.</remarks>
public sealed class PerLayerEmbed : Component
{
    private readonly PerLayerEmbeddingConfig _config;

    internal PerLayerEmbed(PartScope outer, PerLayerEmbeddingConfig config, int layers)
        : base(outer)
    {
        var scope = outer.With(("d_vocab_ple", config.Rows), ("layer", layers), ("d_ple", config.Width));
        _config = config;
        WE = scope.Weight("W_E", "d_vocab_ple layer d_ple");
        WProj = scope.Weight("W_proj", "d_model layer d_ple", "d_model (layer d_ple)");
        Ln = new(scope.Child("ln"), config.Norm, "batch pos layer d_ple", "d_ple");
        HookOut = scope.Point("hook_out", "batch pos layer d_ple");
    }

    /// <summary>The table, one vector per token and layer.</summary>
    public Weight WE { get; }

    /// <summary>The projection of the token embedding.</summary>
    public Weight WProj { get; }

    /// <summary>The norm of the projected embedding, over each layer's vector.</summary>
    public Norm Ln { get; }

    /// <summary>The vectors that blocks read.</summary>
    public HookPoint HookOut { get; }

    /// <summary>The vectors of every row.</summary>
    /// <param name="tokens">Token ids, <c>[rows]</c>, int64.</param>
    /// <param name="embedded">Their embedding as the stream gets it, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, layer, d_ple]</c>.</returns>
    /// <exception cref="ArgumentException">A token has no such vector.</exception>
    internal Tensor Forward(Tensor tokens, Tensor embedded, Pass pass)
    {
        if (tokens.numel() > 0 && tokens.max().item<long>() is var largest && largest >= _config.Rows)
        {
            throw new ArgumentException($"Token {largest} has no vector per layer: {WE.Name} has {_config.Rows} rows. Such tokens stand for images or sound, which this model does not read.", nameof(tokens));
        }

        var own = WE.Value.index_select(0, tokens).Times(Embed.Rounded(Math.Sqrt(_config.Width), embedded.dtype));
        var projected = Linear.Apply(embedded, WProj).Times(Embed.Rounded(1 / Math.Sqrt(embedded.shape[1]), embedded.dtype)).view(own.shape);
        return pass.Apply(HookOut, Ln.Forward(projected, pass).Plus(own).Times(Embed.Rounded(1 / Math.Sqrt(2), embedded.dtype)));
    }
}
