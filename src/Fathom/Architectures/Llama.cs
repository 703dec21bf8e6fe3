using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Llama and its kin: RMS norms, rotary positions, a gated MLP, no biases unless the config asks for them. Yi, Vicuna, TinyLlama, SmolLM, DeepSeek's Llama distills and many more carry this class.</summary>
/// <remarks>Source: Touvron et al. 2023 (arXiv:2302.13971, arXiv:2307.09288); Llama Team 2024 (arXiv:2407.21783).</remarks>
public sealed class Llama : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["LlamaForCausalLM", "LlamaModel", "LLaMAForCausalLM"];

    /// <inheritdoc/>
    public override string Family => "Llama";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = shape.GatedMlp() with { Bias = hub.Flag("mlp_bias", false) },
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
