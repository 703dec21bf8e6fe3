using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>ModernBERT: windows of <c>local_attention / 2</c> keys on each side.</summary>
/// <remarks>Source: Warner et al. 2024 (arXiv:2412.13663).</remarks>
public sealed class ModernBert : ModernBertLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["ModernBertForMaskedLM", "ModernBertModel"];

    /// <inheritdoc/>
    public override string Family => "ModernBERT";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. Common(config, "embed.embed.W_E", "mlm_head", "head"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", "model.layers.{i}.attn.Wqkv.weight", "(qkv head d_head) d_model -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", "model.layers.{i}.attn.Wqkv.bias", "(qkv head d_head) -> qkv head d_head"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return EncoderShape.Bare(hub, Read(hub, causal: false, hub.Size("local_attention", 128)));
    }
}
