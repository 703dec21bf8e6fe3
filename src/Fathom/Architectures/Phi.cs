using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Phi 1, 1.5 and 2: attention and MLP side by side on one layer norm, partial rotary positions, biases everywhere, the unembedding's included.</summary>
/// <remarks>Source: Gunasekar et al. 2023 (arXiv:2306.11644); Li et al. 2023 (arXiv:2309.05463).</remarks>
public sealed class Phi : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["PhiForCausalLM", "PhiModel"];

    /// <inheritdoc/>
    public override string Family => "Phi";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends("model.final_layernorm"),
        new("unembed.b_U", "lm_head.bias"),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config, "dense"),
        .. LlamaTensors.QueryKeyNorm("q_layernorm", "k_layernorm"),
        .. LlamaTensors.PlainMlp(config, "fc1", "fc2"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5));
        BlockConfig block = new()
        {
            Layout = BlockLayout.Parallel,
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.5, PartialKey = "partial_rotary_factor" }.Read()) with
            {
                QkvBias = true,
                OutputBias = true,
                QueryKeyNorm = hub.Flag("qk_layernorm", false) ? new(norm, QueryKeyNormScope.HeadSharedGain) : null,
            },
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "gelu_new"), Bias: true),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block) with { UnembedBias = true };
    }
}
