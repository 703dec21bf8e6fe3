using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>OLMo: Llama with layer norms that have no parameters, and queries, keys and values clamped.</summary>
/// <remarks>Source: Groeneveld et al. 2024 (arXiv:2402.00838).</remarks>
public sealed class Olmo : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["OlmoForCausalLM", "OlmoModel"];

    /// <inheritdoc/>
    public override string Family => "OLMo";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["rms_norm_eps"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(finalNorm: null),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(1e-5, Gain: false, Bias: false);
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, Clip = hub.Optional("clip_qkv") },
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
