using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Granite: Llama with a factor on the embedding, on scores, on what each sublayer writes, and on logits.</summary>
/// <remarks>Source: Granite Team, IBM 2024, "Granite 3.0 Language Models".</remarks>
public sealed class Granite : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GraniteForCausalLM", "GraniteModel"];

    /// <inheritdoc/>
    public override string Family => "Granite";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, Scale = hub.Number("attention_multiplier", 1) },
            Ln2 = norm,
            Mlp = shape.GatedMlp() with { Bias = hub.Flag("mlp_bias", false) },
            ResidualMultiplier = hub.Number("residual_multiplier", 1),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block) with { EmbedScale = hub.Number("embedding_multiplier", 1), LogitScale = 1 / hub.Number("logits_scaling", 1) };
    }
}
