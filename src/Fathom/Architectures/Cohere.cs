using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Command R: attention and MLP side by side on one layer norm without bias, rotary pairs of neighbours, scaled logits.</summary>
/// <remarks>Source: the released code of Cohere's Command R models.</remarks>
public sealed class Cohere : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["CohereForCausalLM", "CohereModel"];

    /// <inheritdoc/>
    public override string Family => "Cohere";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["model_max_length"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5), Bias: false);
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Layout = BlockLayout.Parallel,
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 5e5, AdjacentPairs = true }.Read()) with
            {
                QkvBias = bias,
                OutputBias = bias,
                QueryKeyNorm = hub.Flag("use_qk_norm", false) ? new(norm, QueryKeyNormScope.HeadOwnGain) : null,
            },
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: true, _ => block) with { LogitScale = hub.Number("logit_scale", 0.0625) };
    }
}
