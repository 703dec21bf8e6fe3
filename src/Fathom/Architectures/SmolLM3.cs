using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>SmolLM3: Llama without positions on some layers.</summary>
/// <remarks>Source: the released code of Hugging Face's SmolLM3; layers without positions: Yang et al. 2025 (arXiv:2501.18795).</remarks>
public sealed class SmolLM3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["SmolLM3ForCausalLM", "SmolLM3Model"];

    /// <inheritdoc/>
    public override string Family => "SmolLM3";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var rotary = new RotaryReader(hub, shape.HeadWidth) { Theta = 2e6 }.Read();
        var turns = LayerKinds.WithRotary(hub, shape.Layers);
        var slides = hub.Flag("use_sliding_window", false);
        var window = LayerKinds.Window(hub);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => slides && window is not null && !turns[i] ? LayerKinds.Sliding : LayerKinds.Full);
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(rotary) with { QkvBias = bias, OutputBias = bias };
        var mlp = shape.GatedMlp() with { Bias = hub.Flag("mlp_bias", false) };
        return shape.Model(Ids[0], norm, tied: true, i => new()
        {
            Ln1 = norm,
            Mixer = attention with { Rotary = turns[i] ? rotary : null, Window = slides && kinds[i] == LayerKinds.Sliding ? window : null },
            Ln2 = norm,
            Mlp = mlp,
        });
    }
}
