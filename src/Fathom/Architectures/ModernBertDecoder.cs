using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>A decoder made like ModernBERT: windows of <c>local_attention / 2</c> keys, the query's own included.</summary>
/// <remarks>Source: Weller et al. 2025 (arXiv:2507.11412).</remarks>
public sealed class ModernBertDecoder : ModernBertLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["ModernBertDecoderForCausalLM"];

    /// <inheritdoc/>
    public override string Family => "ModernBERT decoder";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. Common(config, "embed.W_E", "lm_head", "lm_head"),
        .. BertTensors.Heads("Q", "model.layers.{i}.attn.q_proj"),
        .. BertTensors.Heads("K", "model.layers.{i}.attn.k_proj"),
        .. BertTensors.Heads("V", "model.layers.{i}.attn.v_proj"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return Read(hub, causal: true, hub.Size("sliding_window", hub.Size("local_attention", 128) / 2));
    }
}
