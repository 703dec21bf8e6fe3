using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>OPT and Galactica: learned positions with two leading rows, ReLU; the 350M model norms the stream after each sublayer and projects narrower word vectors.</summary>
/// <remarks>Source: Zhang et al. 2022 (arXiv:2205.01068); Taylor et al. 2022 (arXiv:2211.09085).</remarks>
public sealed class Opt : Architecture
{
    private const string Layer = "model.decoder.layers.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["OPTForCausalLM", "OPTModel"];

    /// <inheritdoc/>
    public override string Family => "OPT";

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        var bias = config.Blocks[0].Mixer is AttentionConfig { QkvBias: true };
        return
        [
            new("embed.W_E", "model.decoder.embed_tokens.weight"),
            new("embed.W_proj", "model.decoder.project_in.weight", "d_model d_embed -> d_embed d_model"),
            new("pos_embed.W_pos", "model.decoder.embed_positions.weight"),
            .. DecoderTensors.Norm("ln_final", "model.decoder.final_layer_norm"),
            new("unembed.W_proj", "model.decoder.project_out.weight", "d_embed d_model -> d_model d_embed"),
            DecoderTensors.Unembed(),
            .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}self_attn_layer_norm"),
            .. DecoderTensors.Separate($"{Layer}self_attn.", bias),
            .. DecoderTensors.Output($"{Layer}self_attn.out_proj", bias),
            .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}final_layer_norm"),
            .. DecoderTensors.PlainMlp($"{Layer}fc1", $"{Layer}fc2", bias),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        var affine = hub.Flag("layer_norm_elementwise_affine", true);
        LayerNormConfig norm = new(1e-5, affine, affine);
        var (bias, before, embed) = (hub.Flag("enable_bias", true), hub.Flag("do_layer_norm_before", true), hub.Size("word_embed_proj_dim", shape.Width));
        BlockConfig block = new()
        {
            Layout = before ? BlockLayout.Sequential : BlockLayout.NormOnStream,
            Ln1 = norm,
            Mixer = shape.Attention(null) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(hub.Size("ffn_dim"), hub.Activation("activation_function", "relu"), bias),
        };
        var hasFinal = !hub.Flag("_remove_final_layer_norm", false) && before;
        return shape.Model(Ids[0], norm, tied: true, _ => block) with
        {
            FinalNorm = hasFinal ? norm : null,
            Positions = new LearnedPositions(Offset: 2),
            DEmbed = embed == shape.Width ? null : embed,
        };
    }
}
