using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>StableLM: Llama with layer norms and partial rotary positions; the 12B form puts attention and MLP side by side and norms each head.</summary>
/// <remarks>Source: Bellagente et al. 2024 (arXiv:2402.17834).</remarks>
public sealed class StableLm : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["StableLmForCausalLM", "StableLmModel", "StableLMEpochForCausalLM"];

    /// <inheritdoc/>
    public override string Family => "StableLM";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        new("blocks.{i}.attn.q_norm.w", "model.layers.{i}.self_attn.q_layernorm.norms.{e}.weight"),
        new("blocks.{i}.attn.k_norm.w", "model.layers.{i}.self_attn.k_layernorm.norms.{e}.weight"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5));
        var parallel = hub.Flag("use_parallel_residual", false);
        BlockConfig block = new()
        {
            Layout = parallel ? BlockLayout.Parallel : BlockLayout.Sequential,
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.25, PartialKey = "partial_rotary_factor" }.Read()) with
            {
                QkvBias = hub.Flag("use_qkv_bias", false),
                QueryKeyNorm = hub.Flag("qk_layernorm", false) ? new(norm with { Bias = false }, QueryKeyNormScope.HeadOwnGain) : null,
            },
            Ln2 = parallel ? null : norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
