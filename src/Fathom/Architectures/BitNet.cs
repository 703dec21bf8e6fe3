using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>BitNet b1.58: Llama with norms before the output projection and before the MLP's, and a gate of squared ReLU. Checkpoints with packed ternary weights carry a quantization config and are refused.</summary>
/// <remarks>Source: Ma et al. 2025 (arXiv:2504.12285).</remarks>
public sealed class BitNet : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["BitNetForCausalLM", "BitNetModel"];

    /// <inheritdoc/>
    public override string Family => "BitNet";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        new("blocks.{i}.attn.out_norm.w", "model.layers.{i}.self_attn.attn_sub_norm.weight"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        new("blocks.{i}.mlp.ln.w", "model.layers.{i}.mlp.ffn_sub_norm.weight"),
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
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 5e5 }.Read()) with { QkvBias = bias, OutputBias = bias, OutputNorm = norm },
            Ln2 = norm,
            Mlp = new GatedMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "relu2"), HiddenNorm: norm),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
