using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GLM 4 (first generation): rotary pairs of neighbours on half of each head, biases on queries, keys and values, gate and branch in one tensor.</summary>
/// <remarks>Source: Team GLM 2024 (arXiv:2406.12793).</remarks>
public sealed class Glm : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GlmForCausalLM", "GlmModel"];

    /// <inheritdoc/>
    public override string Family => "GLM";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.FusedMlp(),
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
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
