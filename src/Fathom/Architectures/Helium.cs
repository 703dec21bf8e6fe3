using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Helium: Llama with rotary pairs of neighbours.</summary>
/// <remarks>Source: the released code of Kyutai's Helium models.</remarks>
public sealed class Helium : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["HeliumForCausalLM", "HeliumModel"];

    /// <inheritdoc/>
    public override string Family => "Helium";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-8));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 1e5, AdjacentPairs = true }.Read()) with { QkvBias = hub.Flag("attention_bias", false) },
            Ln2 = norm,
            Mlp = shape.GatedMlp() with { Bias = hub.Flag("mlp_bias", false) },
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
