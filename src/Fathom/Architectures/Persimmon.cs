using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Persimmon: fused queries, keys and values per head, layer norms on them, half of each head turned, a squared-ReLU MLP.</summary>
/// <remarks>Source: Elsen et al. 2023, "Releasing Persimmon-8B".</remarks>
public sealed class Persimmon : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["PersimmonForCausalLM", "PersimmonModel"];

    /// <inheritdoc/>
    public override string Family => "Persimmon";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends("model.final_layernorm"),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", "model.layers.{i}.self_attn.query_key_value.weight", "(head qkv d_head) d_model -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", "model.layers.{i}.self_attn.query_key_value.bias", "(head qkv d_head) -> qkv head d_head"),
        .. LlamaTensors.Output(config, "dense"),
        .. LlamaTensors.QueryKeyNorm("q_layernorm", "k_layernorm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.PlainMlp(config, "dense_h_to_4h", "dense_4h_to_h"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 25000, Partial = 0.5, PartialKey = "partial_rotary_factor" }.Read()) with
            {
                QkvBias = true,
                OutputBias = true,
                QueryKeyNorm = hub.Flag("qk_layernorm", true) ? new(norm, QueryKeyNormScope.HeadSharedGain) : null,
            },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "relu2"), Bias: true),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
