using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GLM-4-0414: GLM with norms on what the sublayers write as well.</summary>
/// <remarks>Source: the released code of Zhipu's GLM-4-0414 models.</remarks>
public sealed class Glm4 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Glm4ForCausalLM", "Glm4Model"];

    /// <inheritdoc/>
    public override string Family => "GLM-4";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln1_post", "post_self_attn_layernorm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.FusedMlp(),
        .. LlamaTensors.Norm("ln2_post", "post_mlp_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1.5625e-7));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.5, PartialKey = "partial_rotary_factor", AdjacentPairs = true }.Read()) with { QkvBias = hub.Flag("attention_bias", false) },
            Ln1Post = norm,
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
            Ln2Post = norm,
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
