using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Mistral: Llama with a window on every layer where the config names one.</summary>
/// <remarks>Source: Jiang et al. 2023 (arXiv:2310.06825).</remarks>
public sealed class Mistral : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["MistralForCausalLM", "MistralModel"];

    /// <inheritdoc/>
    public override string Family => "Mistral";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { Window = LayerKinds.Window(hub, ifAbsent: 4096) },
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
