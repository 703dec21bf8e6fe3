using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen 3: Qwen 2 with norms on each head's queries and keys, and a head width of its own.</summary>
/// <remarks>Source: Yang et al. 2025 (arXiv:2505.09388).</remarks>
public sealed class Qwen3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen3ForCausalLM", "Qwen3Model"];

    /// <inheritdoc/>
    public override string Family => "Qwen3";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain) };
        var windows = LayerKinds.QwenWindows(hub, shape.Layers);
        var mlp = shape.GatedMlp();
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention with { Window = windows[i] }, Ln2 = norm, Mlp = mlp });
    }
}
