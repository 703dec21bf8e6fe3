using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>BioGPT: learned positions with two leading rows, word vectors times <c>√d_model</c>.</summary>
/// <remarks>Source: Luo et al. 2022 (arXiv:2210.10341).</remarks>
public sealed class BioGpt : Architecture
{
    private const string Layer = "biogpt.layers.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["BioGptForCausalLM", "BioGptModel"];

    /// <inheritdoc/>
    public override string Family => "BioGPT";

    /// <inheritdoc/>
    public override string BasePrefix => "biogpt.";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "biogpt.embed_tokens.weight"),
        new("pos_embed.W_pos", "biogpt.embed_positions.weight"),
        .. DecoderTensors.Norm("ln_final", "biogpt.layer_norm"),
        DecoderTensors.Unembed("output_projection.weight"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}self_attn_layer_norm"),
        .. DecoderTensors.Separate($"{Layer}self_attn.", bias: true),
        .. DecoderTensors.Output($"{Layer}self_attn.out_proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}final_layer_norm"),
        .. DecoderTensors.PlainMlp($"{Layer}fc1", $"{Layer}fc2", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);

        // The layer norms have PyTorch's epsilon whatever the config says.
        hub.Inert("layer_norm_eps");
        LayerNormConfig norm = new(1e-5);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(null) with { QkvBias = true, OutputBias = true },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "gelu"), Bias: true),
        };
        return shape.Model(Ids[0], norm, tied: true, _ => block) with
        {
            Positions = new LearnedPositions(Offset: 2),
            EmbedScale = hub.Flag("scale_embedding", true) ? Math.Sqrt(shape.Width) : 1,
        };
    }
}
