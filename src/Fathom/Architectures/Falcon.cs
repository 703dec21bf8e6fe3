using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Falcon in its four styles: 7B (one key head, one norm), 40B and 180B (grouped, two norms), 11B (grouped, one norm), and the RefinedWeb models (linear bias, sequential).</summary>
/// <remarks>Source: Almazrouei et al. 2023 (arXiv:2311.16867); Malartic et al. 2024 (arXiv:2407.14885).</remarks>
public sealed class Falcon : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["FalconForCausalLM", "FalconModel"];

    /// <inheritdoc/>
    public override string Family => "Falcon";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".rotary_emb.inv_freq"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        var bias = config.Blocks[0].Mixer is AttentionConfig { QkvBias: true };
        return
        [
            new("embed.W_E", "transformer.word_embeddings.weight"),
            .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
            DecoderTensors.Unembed(),
            .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}input_layernorm", $"{Layer}ln_attn"),
            .. DecoderTensors.FusedByGroup($"{Layer}self_attention.query_key_value", bias),
            .. DecoderTensors.Output($"{Layer}self_attention.dense", bias),
            .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}post_attention_layernorm", $"{Layer}ln_mlp"),
            .. DecoderTensors.PlainMlp($"{Layer}mlp.dense_h_to_4h", $"{Layer}mlp.dense_4h_to_h", bias),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("apply_residual_connection_post_layernorm", "false");
        var (width, heads, bias) = (hub.Size("hidden_size"), hub.Size("num_attention_heads"), hub.Flag("bias", false));
        var (grouped, single) = (hub.Flag("new_decoder_architecture", false), hub.Flag("multi_query", true));
        var listed = hub.Size("num_kv_heads", heads);
        var keyHeads = grouped ? listed : single ? 1 : heads;
        if (width % heads != 0 || heads % keyHeads != 0)
        {
            throw new ConfigException(hub.Source, ["hidden_size", "num_attention_heads", "num_kv_heads"], $"hidden_size {width}, num_attention_heads {heads} and num_kv_heads {keyHeads} do not divide each other.");
        }

        var parallel = hub.Flag("parallel_attn", true) || grouped;
        var norms = hub.Size("num_ln_in_parallel_attn", grouped ? 2 : 1);
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        AttentionConfig attention = new() { NHeads = heads, NKeyValueHeads = keyHeads, DHead = width / heads, Scale = 1 / Math.Sqrt(width / heads), QkvBias = bias, OutputBias = bias };
        BlockConfig block = new()
        {
            Layout = parallel ? BlockLayout.Parallel : BlockLayout.Sequential,
            Ln1 = norm,
            Mixer = Positioned(hub, attention),
            Ln2 = !parallel || (grouped && norms == 2) ? norm : null,
            Mlp = new PlainMlpConfig(hub.Size("ffn_hidden_size", 4 * width), hub.Activation("activation", "gelu"), bias),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings", 2048),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("num_hidden_layers"))],
        };
    }

    /// <summary>Rotary positions, or a linear bias that is scaled like the scores and whose slopes have eight bits.</summary>
    private static AttentionConfig Positioned(HubConfig hub, AttentionConfig attention)
    {
        if (!hub.Flag("alibi", false))
        {
            return attention with { Rotary = new RotaryReader(hub, attention.DHead).Read() };
        }

        hub.Inert("rope_parameters", "rope_theta", "rope_scaling");
        return attention with { ScoreBias = new AlibiConfig([.. AlibiSlopes.Bloom(attention.NHeads).Select(AlibiSlopes.RoundedToBFloat16)], attention.Scale) };
    }
}
