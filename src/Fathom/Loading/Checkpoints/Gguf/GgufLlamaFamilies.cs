using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Families with Llama's names: RMS norms, rotary positions, separate projections.</summary>
internal static class GgufLlamaFamilies
{
    private static readonly GgufTensorRule[] Outer =
    [
        new("token_embd", "model.embed_tokens"),
        new("output_norm", "model.norm"),
        new("output", "lm_head"),
    ];

    private static readonly GgufTensorRule[] Layer =
    [
        new("attn_norm", "model.layers.{i}.input_layernorm"),
        new("attn_q", "model.layers.{i}.self_attn.q_proj"),
        new("attn_k", "model.layers.{i}.self_attn.k_proj"),
        new("attn_v", "model.layers.{i}.self_attn.v_proj"),
        new("attn_output", "model.layers.{i}.self_attn.o_proj"),
        new("attn_q_norm", "model.layers.{i}.self_attn.q_norm"),
        new("attn_k_norm", "model.layers.{i}.self_attn.k_norm"),
        new("ffn_norm", "model.layers.{i}.post_attention_layernorm"),
        new("ffn_gate", "model.layers.{i}.mlp.gate_proj"),
        new("ffn_up", "model.layers.{i}.mlp.up_proj"),
        new("ffn_down", "model.layers.{i}.mlp.down_proj"),
    ];

    private static readonly GgufTensorRule[] PairedLayer = Replace(Layer,
        new("attn_q", "model.layers.{i}.self_attn.q_proj", GgufChange.PairedQueryRows),
        new("attn_k", "model.layers.{i}.self_attn.k_proj", GgufChange.PairedKeyRows));

    private static readonly GgufTensorRule[] MixtralLayer = Replace(PairedLayer,
        new("ffn_gate_inp", "model.layers.{i}.block_sparse_moe.gate"),
        new("ffn_gate_exps", "model.layers.{i}.block_sparse_moe.experts.{e}.w1", GgufChange.StackedExperts),
        new("ffn_down_exps", "model.layers.{i}.block_sparse_moe.experts.{e}.w2", GgufChange.StackedExperts),
        new("ffn_up_exps", "model.layers.{i}.block_sparse_moe.experts.{e}.w3", GgufChange.StackedExperts));

    private static readonly GgufTensorRule[] QwenMoeLayer = Replace(Layer,
        new("ffn_gate_inp", "model.layers.{i}.mlp.gate"),
        new("ffn_gate_exps", "model.layers.{i}.mlp.experts.{e}.gate_proj", GgufChange.StackedExperts),
        new("ffn_up_exps", "model.layers.{i}.mlp.experts.{e}.up_proj", GgufChange.StackedExperts),
        new("ffn_down_exps", "model.layers.{i}.mlp.experts.{e}.down_proj", GgufChange.StackedExperts));

    private static readonly GgufTensorRule[] GemmaOuter = Replace(Outer, new GgufTensorRule("output_norm", "model.norm", GgufChange.PlusOne));

    private static readonly GgufTensorRule[] GemmaLayer = Replace(Layer,
        new("attn_norm", "model.layers.{i}.input_layernorm", GgufChange.PlusOne),
        new("ffn_norm", "model.layers.{i}.post_attention_layernorm", GgufChange.PlusOne));

    /// <summary>Gemma 2 and 3 norm the sublayers' outputs too, and so shift the names of the others.</summary>
    private static readonly GgufTensorRule[] Gemma2Layer = Replace(GemmaLayer,
        new("attn_q_norm", "model.layers.{i}.self_attn.q_norm", GgufChange.PlusOne),
        new("attn_k_norm", "model.layers.{i}.self_attn.k_norm", GgufChange.PlusOne),
        new("post_attention_norm", "model.layers.{i}.post_attention_layernorm", GgufChange.PlusOne),
        new("ffn_norm", "model.layers.{i}.pre_feedforward_layernorm", GgufChange.PlusOne),
        new("post_ffw_norm", "model.layers.{i}.post_feedforward_layernorm", GgufChange.PlusOne));

    private static readonly GgufTensorRule[] Phi3Layer = Replace(Layer,
        new("attn_qkv", "model.layers.{i}.self_attn.qkv_proj"),
        new("ffn_up", "model.layers.{i}.mlp.gate_up_proj"));

    private static readonly GgufTensorRule[] Starcoder2Layer = Replace(Layer,
        new("ffn_up", "model.layers.{i}.mlp.c_fc"),
        new("ffn_down", "model.layers.{i}.mlp.c_proj"));

    /// <summary>The families.</summary>
    public static IReadOnlyList<GgufArchitecture> All { get; } =
    [
        new("llama", "llama", "LlamaForCausalLM", Outer, MixtralLayer, Llama),
        new("qwen2", "qwen2", "Qwen2ForCausalLM", Outer, Layer, Common),
        new("qwen3", "qwen3", "Qwen3ForCausalLM", Outer, Layer, Common),
        new("qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM", Outer, QwenMoeLayer, QwenMoe),
        new("gemma", "gemma", "GemmaForCausalLM", GemmaOuter, GemmaLayer, (h, c) => Gemma(h, c, "hidden_act")),
        new("gemma2", "gemma2", "Gemma2ForCausalLM", GemmaOuter, Gemma2Layer, Gemma2),
        new("gemma3", "gemma3_text", "Gemma3ForCausalLM", GemmaOuter, Gemma2Layer, Gemma3),
        new("phi3", "phi3", "Phi3ForCausalLM", Outer, Phi3Layer, Phi3),
        new("starcoder2", "starcoder2", "Starcoder2ForCausalLM", Outer, Starcoder2Layer, Starcoder2),
    ];

    private static void Llama(GgufHyperparameters h, JsonObject config)
    {
        if (h.Has("expert_count") && h.Count("expert_count", 1 << 12) > 0)
        {
            config["model_type"] = "mixtral";
            config["architectures"] = new JsonArray("MixtralForCausalLM");
            config["num_local_experts"] = h.Count("expert_count", 1 << 12);
            config["num_experts_per_tok"] = h.Count("expert_used_count", 1 << 12);
            config["intermediate_size"] = h.RowsOf("ffn_gate_exps");
        }
        else
        {
            config["attention_bias"] = h.HasTensor("blk.0.attn_q.bias");
            config["mlp_bias"] = h.HasTensor("blk.0.ffn_up.bias");
        }

        Common(h, config);
    }

    private static void QwenMoe(GgufHyperparameters h, JsonObject config)
    {
        config["num_experts"] = h.Count("expert_count", 1 << 12);
        config["num_experts_per_tok"] = h.Count("expert_used_count", 1 << 12);
        config["moe_intermediate_size"] = h.RowsOf("ffn_gate_exps");
        _ = h.Has("expert_feed_forward_length") ? h.Count("expert_feed_forward_length", 1 << 24) : 0;
        config["norm_topk_prob"] = true;
        config["intermediate_size"] = h.RowsOf("ffn_gate_exps");
        Common(h, config);
    }

    private static void Common(GgufHyperparameters h, JsonObject config)
    {
        config["hidden_act"] ??= "silu";
        config["hidden_size"] = h.DModel;
        config["intermediate_size"] ??= h.RowsOf("ffn_up");
        config["num_hidden_layers"] = h.Layers;
        config["num_attention_heads"] = h.Heads;
        config["num_key_value_heads"] = h.KeyValueHeads;
        if (h.Has("attention.key_length"))
        {
            config["head_dim"] = h.DHead;
        }

        config["max_position_embeddings"] = h.Context;
        config["rms_norm_eps"] = GgufHyperparameters.Shortest(h.Positive("attention.layer_norm_rms_epsilon"));
        config["rope_parameters"] ??= GgufRotary.Parameters(h);
    }

    private static void Gemma(GgufHyperparameters h, JsonObject config, string activationKey)
    {
        config["hidden_act"] = "gelu_pytorch_tanh";
        Common(h, config);
        if (activationKey != "hidden_act")
        {
            config.Remove("hidden_act");
            config[activationKey] = "gelu_pytorch_tanh";
        }

        config["attention_bias"] = false;
    }

    private static void Gemma2(GgufHyperparameters h, JsonObject config)
    {
        Gemma(h, config, "hidden_activation");
        config["attn_logit_softcapping"] = GgufHyperparameters.Shortest(h.Positive("attn_logit_softcapping"));
        config["final_logit_softcapping"] = GgufHyperparameters.Shortest(h.Positive("final_logit_softcapping"));
        config["sliding_window"] = h.Count("attention.sliding_window", 1 << 24);
        config["layer_types"] = Layers(h, i => i % 2 == 0);
        config["query_pre_attn_scalar"] = AttentionScalar(h, 46);
    }

    private static void Gemma3(GgufHyperparameters h, JsonObject config)
    {
        config["rope_parameters"] = new JsonObject
        {
            ["full_attention"] = GgufRotary.Parameters(h, 1_000_000),
            ["sliding_attention"] = GgufRotary.Plain(h.Positive("rope.freq_base_swa", 10_000)),
        };
        Gemma(h, config, "hidden_activation");
        config["sliding_window"] = h.Count("attention.sliding_window", 1 << 24);
        var pattern = h.Has("attention.sliding_window_pattern") ? h.Count("attention.sliding_window_pattern", 1 << 10) : 6;
        config["layer_types"] = Layers(h, i => (i + 1) % pattern != 0);
        config["query_pre_attn_scalar"] = AttentionScalar(h, 62);
    }

    /// <summary>The scale is not stored: it is d_head, except in the 27B models, known by their number of layers.</summary>
    private static int AttentionScalar(GgufHyperparameters h, int layersOf27B) => h.Layers == layersOf27B ? h.DModel / h.Heads : h.DHead;

    private static JsonArray Layers(GgufHyperparameters h, Func<int, bool> slides) =>
        [.. Enumerable.Range(0, h.Layers).Select(i => (JsonNode)(slides(i) ? "sliding_attention" : "full_attention"))];

    private static void Phi3(GgufHyperparameters h, JsonObject config)
    {
        config["intermediate_size"] = h.ColumnsOf("ffn_down");
        Common(h, config);
        config["sliding_window"] = h.Has("attention.sliding_window") ? h.Count("attention.sliding_window", 1 << 24) : null;
        if (h.Has("rope.scaling.original_context_length"))
        {
            config["original_max_position_embeddings"] = h.Count("rope.scaling.original_context_length", 1 << 24);
        }
    }

    private static void Starcoder2(GgufHyperparameters h, JsonObject config)
    {
        config["hidden_act"] = "gelu_pytorch_tanh";
        config["hidden_size"] = h.DModel;
        config["intermediate_size"] = h.RowsOf("ffn_up");
        config["num_hidden_layers"] = h.Layers;
        config["num_attention_heads"] = h.Heads;
        config["num_key_value_heads"] = h.KeyValueHeads;
        config["max_position_embeddings"] = h.Context;
        config["norm_epsilon"] = GgufHyperparameters.Shortest(h.Positive("attention.layer_norm_epsilon"));
        config["rope_parameters"] = GgufRotary.Parameters(h);
        config["use_bias"] = h.HasTensor("blk.0.attn_q.bias");
    }

    private static GgufTensorRule[] Replace(GgufTensorRule[] rules, params GgufTensorRule[] with) =>
        [.. rules.Where(r => !with.Any(w => w.Gguf == r.Gguf)), .. with];
}
