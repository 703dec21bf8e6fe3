using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Ministral 3: Mistral whose queries grow with position beyond the trained context.</summary>
/// <remarks>Source: the released code of Mistral AI's Ministral 3 models.</remarks>
public sealed class Ministral3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Ministral3ForCausalLM", "Ministral3Model"];

    /// <inheritdoc/>
    public override string Family => "Ministral 3";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var rotary = new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6 }.Read();
        var settings = hub.Section("rope_parameters") ?? hub.Section("rope_scaling");
        settings?.Inert("max_position_embeddings");
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(rotary) with
            {
                Window = LayerKinds.Window(hub),
                Temperature = settings is null || !settings.Has("llama_4_scaling_beta") ? null : new(settings.Number("llama_4_scaling_beta"), settings.Size("original_max_position_embeddings"), Shift: 0),
            },
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
