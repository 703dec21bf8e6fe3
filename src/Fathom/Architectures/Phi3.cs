using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Phi 3, 3.5 and 4: Llama with fused projections, and longrope for long contexts.</summary>
/// <remarks>Source: Abdin et al. 2024 (arXiv:2404.14219).</remarks>
public sealed class Phi3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Phi3ForCausalLM", "Phi3Model"];

    /// <inheritdoc/>
    public override string Family => "Phi-3";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", "model.layers.{i}.self_attn.qkv_proj.weight")
        {
            Slices = ["(head d_head) d_model -> head d_model d_head", "(kv_head d_head) d_model -> kv_head d_model d_head", "(kv_head d_head) d_model -> kv_head d_model d_head"],
        },
        .. LlamaTensors.Output(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.FusedMlp(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        hub.Inert("original_max_position_embeddings");
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { PartialKey = "partial_rotary_factor" }.Read()) with { Window = LayerKinds.Window(hub) },
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
