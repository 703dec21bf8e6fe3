using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>OLMo 2: norms on what the sublayers write instead of before them, and norms over all queries and keys together.</summary>
/// <remarks>Source: OLMo Team 2024 (arXiv:2501.00656).</remarks>
public sealed class Olmo2 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Olmo2ForCausalLM", "Olmo2Model"];

    /// <inheritdoc/>
    public override string Family => "OLMo 2";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln1", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2", "post_feedforward_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5), CastBeforeGain: false);
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.FullWidth) },
            Ln1Post = norm,
            Mlp = shape.GatedMlp(),
            Ln2Post = norm,
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
