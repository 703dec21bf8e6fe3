using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-NeoX and Pythia: attention and MLP side by side on two norms of the same stream, partial rotary positions, queries, keys and values fused per head.</summary>
/// <remarks>Source: Black et al. 2022 (arXiv:2204.06745); Biderman et al. 2023 (arXiv:2304.01373).</remarks>
public sealed class GptNeoX : Architecture
{
    private const string Layer = "gpt_neox.layers.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPTNeoXForCausalLM", "GPTNeoXModel"];

    /// <inheritdoc/>
    public override string Family => "GPT-NeoX";

    /// <inheritdoc/>
    public override string BasePrefix => "gpt_neox.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        var bias = config.Blocks[0].Mixer is AttentionConfig { QkvBias: true };
        return
        [
            new("embed.W_E", "gpt_neox.embed_in.weight"),
            .. DecoderTensors.Norm("ln_final", "gpt_neox.final_layer_norm"),
            DecoderTensors.Unembed("embed_out.weight", "lm_head.weight"),
            .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}input_layernorm"),
            .. DecoderTensors.FusedByHead($"{Layer}attention.query_key_value", bias),
            .. DecoderTensors.Output($"{Layer}attention.dense", bias),
            .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}post_attention_layernorm"),
            .. DecoderTensors.PlainMlp($"{Layer}mlp.dense_h_to_4h", $"{Layer}mlp.dense_4h_to_h", bias: true),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", true);
        RotaryReader rotary = new(hub, shape.HeadWidth) { ThetaKey = Spelling(hub, "rotary_emb_base", "rope_theta"), Partial = 0.25, PartialKey = Spelling(hub, "rotary_pct", "partial_rotary_factor") };
        BlockConfig block = new()
        {
            Layout = hub.Flag("use_parallel_residual", true) ? BlockLayout.Parallel : BlockLayout.Sequential,
            Ln1 = norm,
            Mixer = shape.Attention(rotary.Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "gelu"), Bias: true),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }

    /// <summary>Files carry either of two spellings, and some both; two different values are left for the check of unread keys to refuse.</summary>
    private static string Spelling(HubConfig hub, string usual, string other)
    {
        if (!hub.Keys.Contains(other) || !hub.Keys.Contains(usual))
        {
            return hub.Keys.Contains(other) ? other : usual;
        }

        return hub.Number(usual) == hub.Number(other) ? usual : throw new ConfigException(hub.Source, [usual, other], $"'{usual}' is {hub.Number(usual)} and '{other}' is {hub.Number(other)}; they mean the same. Remove the wrong one.");
    }
}
