using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen 2 and 2.5: Llama with biases on queries, keys and values, and windows on the upper layers where they are switched on. DeepSeek's Qwen distills carry this class.</summary>
/// <remarks>Source: Yang et al. 2024 (arXiv:2407.10671).</remarks>
public sealed class Qwen2 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen2ForCausalLM", "Qwen2Model"];

    /// <inheritdoc/>
    public override string Family => "Qwen2";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("use_mrope", "false");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = true };
        var windows = LayerKinds.QwenWindows(hub, shape.Layers);
        var mlp = shape.GatedMlp();
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention with { Window = windows[i] }, Ln2 = norm, Mlp = mlp });
    }
}
