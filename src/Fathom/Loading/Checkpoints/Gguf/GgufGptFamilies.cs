using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Families with fused attention weights and LayerNorm.</summary>
internal static class GgufGptFamilies
{
    private static readonly GgufTensorRule[] Gpt2Outer =
    [
        new("token_embd", "transformer.wte"),
        new("position_embd", "transformer.wpe"),
        new("output_norm", "transformer.ln_f"),
        new("output", "lm_head"),
    ];

    private static readonly GgufTensorRule[] FalconOuter =
    [
        new("token_embd", "transformer.word_embeddings"),
        new("output_norm", "transformer.ln_f"),
        new("output", "lm_head"),
    ];

    private static readonly GgufTensorRule[] FalconLayer = Fused("transformer.h.{i}.", "self_attention", "post_attention_layernorm", GgufChange.FusedByGroup);

    /// <summary>The families.</summary>
    public static IReadOnlyList<GgufArchitecture> All { get; } =
    [
        new("gpt2", "gpt2", "GPT2LMHeadModel", Gpt2Outer, Gpt2Layer(GgufChange.Transposed), Gpt2),
        new("starcoder", "gpt_bigcode", "GPTBigCodeForCausalLM", Gpt2Outer, Gpt2Layer(GgufChange.None), BigCode),
        new("gptneox", "gpt_neox", "GPTNeoXForCausalLM",
        [
            new("token_embd", "gpt_neox.embed_in"),
            new("output_norm", "gpt_neox.final_layer_norm"),
            new("output", "embed_out"),
        ], Fused("gpt_neox.layers.{i}.", "attention", "post_attention_layernorm", GgufChange.FusedByHead), NeoX),
        new("bloom", "bloom", "BloomForCausalLM",
        [
            new("token_embd", "transformer.word_embeddings"),
            new("token_embd_norm", "transformer.word_embeddings_layernorm"),
            new("output_norm", "transformer.ln_f"),
            new("output", "lm_head"),
        ], Fused("transformer.h.{i}.", "self_attention", "post_attention_layernorm", GgufChange.FusedByHead), Bloom),
        new("falcon", "falcon", "FalconForCausalLM", FalconOuter,
        [
            .. FalconLayer.Where(r => r.Gguf != "attn_norm"),
            new("attn_norm", "transformer.h.{i}.ln_mlp"),
            new("attn_norm_2", "transformer.h.{i}.ln_attn"),
        ], Falcon, When: "blk.0.attn_norm_2.weight"),
        new("falcon", "falcon", "FalconForCausalLM", FalconOuter, FalconLayer, Falcon),
        new("mpt", "mpt", "MptForCausalLM",
        [
            new("token_embd", "transformer.wte"),
            new("output_norm", "transformer.norm_f"),
            new("output", "lm_head"),
        ], [
            new("attn_norm", "transformer.blocks.{i}.norm_1"),
            new("attn_qkv", "transformer.blocks.{i}.attn.Wqkv"),
            new("attn_output", "transformer.blocks.{i}.attn.out_proj"),
            new("ffn_norm", "transformer.blocks.{i}.norm_2"),
            new("ffn_up", "transformer.blocks.{i}.ffn.up_proj"),
            new("ffn_down", "transformer.blocks.{i}.ffn.down_proj"),
        ], Mpt),
    ];

    private static GgufTensorRule[] Gpt2Layer(GgufChange matrices) =>
    [
        new("attn_norm", "transformer.h.{i}.ln_1"),
        new("attn_qkv", "transformer.h.{i}.attn.c_attn", matrices),
        new("attn_output", "transformer.h.{i}.attn.c_proj", matrices),
        new("ffn_norm", "transformer.h.{i}.ln_2"),
        new("ffn_up", "transformer.h.{i}.mlp.c_fc", matrices),
        new("ffn_down", "transformer.h.{i}.mlp.c_proj", matrices),
    ];

    private static GgufTensorRule[] Fused(string layer, string attention, string ffnNorm, GgufChange qkv) =>
    [
        new("attn_norm", layer + "input_layernorm"),
        new("attn_qkv", $"{layer}{attention}.query_key_value", qkv),
        new("attn_output", $"{layer}{attention}.dense"),
        new("ffn_norm", layer + ffnNorm),
        new("ffn_up", layer + "mlp.dense_h_to_4h"),
        new("ffn_down", layer + "mlp.dense_4h_to_h"),
    ];

    private static void Gpt2(GgufHyperparameters h, JsonObject config)
    {
        GptSizes(h, config);
        config["activation_function"] = "gelu_new";
    }

    private static void BigCode(GgufHyperparameters h, JsonObject config)
    {
        GptSizes(h, config);
        config["activation_function"] = "gelu_pytorch_tanh";
        config["multi_query"] = h.KeyValueHeads == 1 && h.Heads > 1;
    }

    private static void GptSizes(GgufHyperparameters h, JsonObject config)
    {
        config["n_embd"] = h.DModel;
        config["n_head"] = h.Heads;
        config["n_inner"] = h.RowsOf("ffn_up");
        config["n_layer"] = h.Layers;
        config["n_positions"] = h.Context;
        config["layer_norm_epsilon"] = Epsilon(h);
    }

    private static void NeoX(GgufHyperparameters h, JsonObject config)
    {
        config["hidden_act"] = "gelu";
        config["hidden_size"] = h.DModel;
        config["intermediate_size"] = h.RowsOf("ffn_up");
        config["num_hidden_layers"] = h.Layers;
        config["num_attention_heads"] = h.Heads;
        config["max_position_embeddings"] = h.Context;
        config["layer_norm_eps"] = Epsilon(h);
        config["rope_parameters"] = GgufRotary.Parameters(h, partial: true);
        config["use_parallel_residual"] = h.Flag("use_parallel_residual", ifAbsent: true);
        config["attention_bias"] = h.HasTensor("blk.0.attn_qkv.bias");
    }

    private static void Bloom(GgufHyperparameters h, JsonObject config)
    {
        config["hidden_size"] = h.DModel;
        config["n_layer"] = h.Layers;
        config["n_head"] = h.Heads;
        config["layer_norm_epsilon"] = Epsilon(h);
    }

    private static void Falcon(GgufHyperparameters h, JsonObject config)
    {
        // Two norms before the parallel sublayers, or several key-value heads, mark the layout of the 40B model.
        var grouped = h.HasTensor("blk.0.attn_norm_2.weight") || h.KeyValueHeads > 1;
        config["hidden_size"] = h.DModel;
        config["ffn_hidden_size"] = h.RowsOf("ffn_up");
        config["num_hidden_layers"] = h.Layers;
        config["num_attention_heads"] = h.Heads;
        config["num_kv_heads"] = grouped ? h.KeyValueHeads : h.Heads;
        config["multi_query"] = grouped || h.KeyValueHeads == 1;
        config["new_decoder_architecture"] = grouped;
        config["num_ln_in_parallel_attn"] = grouped ? (h.HasTensor("blk.0.attn_norm_2.weight") ? 2 : 1) : null;
        config["max_position_embeddings"] = h.Context;
        config["layer_norm_epsilon"] = Epsilon(h);
        config["rope_parameters"] = GgufRotary.Parameters(h);
        config["activation"] = "gelu";
        config["alibi"] = false;
        config["bias"] = h.HasTensor("blk.0.attn_qkv.bias");
        config["parallel_attn"] = true;
    }

    private static void Mpt(GgufHyperparameters h, JsonObject config)
    {
        config["d_model"] = h.DModel;
        config["n_heads"] = h.Heads;
        config["n_layers"] = h.Layers;
        config["expansion_ratio"] = (int)(h.RowsOf("ffn_up") / h.DModel);
        config["max_seq_len"] = h.Context;
        config["layer_norm_epsilon"] = Epsilon(h);
        config["no_bias"] = !h.HasTensor("blk.0.attn_qkv.bias");
        config["attn_config"] = new JsonObject
        {
            ["alibi"] = true,
            ["alibi_bias_max"] = (int)h.Positive("attention.max_alibi_bias", 8),
            ["clip_qkv"] = h.Number("attention.clamp_kqv") is { } clip and not 0 ? clip : null,
        };
    }

    private static JsonNode Epsilon(GgufHyperparameters h) => GgufHyperparameters.Shortest(h.Positive("attention.layer_norm_epsilon"));
}
