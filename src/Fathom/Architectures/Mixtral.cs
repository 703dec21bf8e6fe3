using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Mixtral: Mistral with eight experts in the place of each MLP.</summary>
/// <remarks>Source: Jiang et al. 2024 (arXiv:2401.04088).</remarks>
public sealed class Mixtral : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["MixtralForCausalLM", "MixtralModel"];

    /// <inheritdoc/>
    public override string Family => "Mixtral";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["router_jitter_noise"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. MixtureTensors.BlockSparse(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 8, ChosenIfAbsent = 2 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6 }.Read()) with { Window = LayerKinds.Window(hub) },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, hub.Activation("hidden_act", "silu"), new SoftmaxRouter(mixture.Chosen, Renormalized: true)),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
