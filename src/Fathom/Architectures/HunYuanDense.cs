using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>HunYuan (dense): Llama with norms on each head's queries and keys after the rotation.</summary>
/// <remarks>Source: the released code of Tencent's Hunyuan dense models.</remarks>
public sealed class HunYuanDense : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["HunYuanDenseV1ForCausalLM", "HunYuanDenseV1Model"];

    /// <inheritdoc/>
    public override string Family => "HunYuan";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["eod_token_id"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("query_layernorm", "key_layernorm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { HasAlpha = true }.Read()) with
            {
                QkvBias = bias,
                OutputBias = bias,
                QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain, AfterRotary: true),
            },
            Ln2 = norm,
            Mlp = shape.GatedMlp(),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
