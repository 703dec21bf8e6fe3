using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Phi 3.5 MoE: layer norms with biases, experts chosen one after the other, longrope.</summary>
/// <remarks>Source: Abdin et al. 2024 (arXiv:2404.14219) §"Phi-3.5-MoE".</remarks>
public sealed class PhiMoe : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["PhimoeForCausalLM", "PhiMoEForCausalLM", "PhimoeModel"];

    /// <inheritdoc/>
    public override string Family => "Phi-MoE";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["input_jitter_noise"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        new("unembed.b_U", "lm_head.bias"),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. MixtureTensors.BlockSparse(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 16, ChosenIfAbsent = 2 };
        hub.Inert("original_max_position_embeddings");
        LayerNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", false);
        SparseMixerRouter router = new(mixture.Chosen, hub.Number("router_jitter_noise", 0.01));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6, HasMscale = true }.Read()) with { QkvBias = bias, OutputBias = bias, Window = LayerKinds.Window(hub) },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, hub.Activation("hidden_act", "silu"), router),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block) with { UnembedBias = hub.Flag("lm_head_bias", false) };
    }
}
