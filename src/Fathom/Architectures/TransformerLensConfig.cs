using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Reads the config of TransformerLens's own models: what <c>HookedTransformerConfig.to_dict()</c> writes, and what the training runs of the published toy models wrote.</summary>
/// <param name="Hub">The config.</param>
internal sealed record TransformerLensConfig(HubConfig Hub)
{
    /// <summary>Keys of the run, of its data and of the library's switches: they change no forward pass.</summary>
    public static IReadOnlyList<string> Inert { get; } =
        """
        model_name tokenizer_name tokenizer_prepends_bos trust_remote_code device n_devices seed init_mode init_weights from_checkpoint checkpoint_index checkpoint_value checkpoint_label_type
        n_params layer_norm_folding ungroup_grouped_query_attention use_attn_in use_attn_result use_hook_mlp_in use_hook_tokens use_split_qkv_input train_seq_length tie_word_embeddings
        NTK_by_parts_factor NTK_by_parts_high_freq_factor NTK_by_parts_low_freq_factor NTK_original_ctx_len norm_topk_prob experts_per_token relative_attention_max_distance relative_attention_num_buckets
        yarn_attention_factor yarn_beta_fast yarn_beta_slow yarn_factor yarn_global_attn_only yarn_original_max_position_embeddings yarn_truncate
        lr lr_hidden lr_vector lr_schedule batch_size batch_size_per_device batches_per_step betas beta1 beta2 weight_decay grad_norm_clip warmup_steps warmup_tokens max_steps max_tokens tokens_per_step truncate_tokens
        use_checkpoint_schedule save_checkpoints save_checkpoints_to_bfloat16 checkpoint_every checkpoint_every_tokens debug debug_batch debug_overfit version log_interval train_loss_ewma_beta control
        use_float16 use_bfloat16 use_bfloat16_matmul use_acc use_ET dataset_name dataset_subset_name shuffled_data weight_init_scheme fixed_init store_init W_O_init_scale
        initializer_scale_global initializer_scale_hidden initializer_scale_embed initializer_scale_unembed
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private int Width { get; } = Hub.Size("d_model");

    private int Heads { get; } = Hub.Size("n_heads");

    private string? Normalization { get; } = NormalizationOf(Hub);

    /// <summary>The number of layers.</summary>
    public int Layers { get; } = Hub.Size("n_layers");

    /// <summary>Whether norms are stored without gain and bias although the run was not processed: how it was trained decides what square matrices mean.</summary>
    public bool IsFolded => Normalization is "LNPre" or "RMSPre";

    /// <summary>The whole model.</summary>
    /// <param name="architecture">The class name.</param>
    /// <exception cref="ConfigException">A switch asks for a part that these files do not have here.</exception>
    public ModelConfig Model(string architecture)
    {
        RefuseOtherParts();
        var epsilon = Hub.Has("ln_eps") ? Hub.Number("ln_eps") : Hub.Number("eps", 1e-5);
        var norm = Norm(epsilon, Normalization);
        var shortformer = Hub.Flag("shortformer_pos", false) || Hub.Text("positional_embedding_type", "standard") == "shortformer";
        var rotary = Hub.Text("positional_embedding_type", "standard") == "rotary";
        Only("positional_embedding_type", shortformer ? ["\"shortformer\"", "\"standard\""] : ["\"standard\"", "\"rotary\""]);
        Only("use_pos_resid", shortformer ? "false" : "true");
        var vocabulary = Hub.Size("d_vocab");
        Only("d_vocab_out", vocabulary.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var mlp = Hub.Flag("attn_only", false) ? null : Mlp(epsilon);
        return new()
        {
            Architecture = architecture,
            DModel = Width,
            DVocab = vocabulary,
            NCtx = Hub.Size("n_ctx"),
            Positions = rotary ? null : new LearnedPositions(ToQueriesAndKeysOnly: shortformer),
            FinalNorm = Hub.Flag("final_rms", false) && Normalization is { } kind ? Norm(epsilon, kind.Replace("LN", "RMS", StringComparison.Ordinal)) : norm,
            LogitSoftCap = Cap("output_logits_soft_cap"),
            Blocks = [.. Enumerable.Range(0, Layers).Select(i => new BlockConfig
            {
                Layout = Hub.Flag("parallel_attn_mlp", false) && mlp is not null ? BlockLayout.Parallel : BlockLayout.Sequential,
                Ln1 = norm,
                Mixer = Attention(i, rotary),
                Ln2 = mlp is null ? null : norm,
                Mlp = mlp,
            })],
        };
    }

    private static string? NormalizationOf(HubConfig hub) => hub.IsNull("normalization") || hub.IsNull("normalization_type") ? null : hub.Text(hub.Has("normalization") ? "normalization" : "normalization_type");

    private AttentionConfig Attention(int layer, bool rotary)
    {
        var width = Hub.Size("d_head", Width / Heads);
        var divisor = Hub.Flag("use_attn_scale", true) ? Hub.Number("attn_scale", -1) is > 0 and var given ? given : Math.Sqrt(width) : 1;
        var (keyHeads, turning) = (Hub.Size("n_key_value_heads", Heads), Hub.Size("rotary_dim", width));
        if (Heads % keyHeads != 0 || (rotary && turning > width))
        {
            throw new ConfigException(Hub.Source, ["n_heads", "n_key_value_heads", "d_head", "rotary_dim"], $"n_heads {Heads} must be a multiple of n_key_value_heads {keyHeads}, and rotary_dim {turning} at most d_head {width}.");
        }

        return new()
        {
            NHeads = Heads,
            NKeyValueHeads = keyHeads,
            DHead = width,
            Scale = 1 / divisor / (Hub.Flag("scale_attn_by_inverse_layer_idx", false) ? layer + 1 : 1),
            QkvBias = true,
            OutputBias = true,
            SoftCap = Cap("attn_scores_soft_cap"),
            Clip = Hub.Optional("clip_qkv"),
            Window = Hub.Flag("use_local_attn", false) ? Window(layer) : Ignored("window_size", "attn_types"),
            Rotary = rotary ? new() { Dim = turning, Theta = Hub.Number("rotary_base", 10000), AdjacentPairs = Hub.Flag("rotary_adjacent_pairs", false) } : null,
        };
    }

    private int? Window(int layer)
    {
        var kinds = Hub.Texts("attn_types") ?? [.. Enumerable.Repeat("local", Layers)];
        return kinds.Count == Layers && kinds.All(k => k is "global" or "local")
            ? kinds[layer] == "local" ? Hub.Size("window_size") : Ignored("window_size")
            : throw new ConfigException(Hub.Source, ["attn_types"], $"'attn_types' must name 'global' or 'local' for each of the {Layers} layers; it holds {string.Join(", ", kinds.Take(12))}.");
    }

    private PlainMlpConfig Mlp(double epsilon)
    {
        var solu = Hub.Text("act_fn") == "solu_ln";
        return new(Hub.Size("d_mlp", 4 * Width), solu ? Activation.Solu : Hub.Activation("act_fn"), Bias: true, solu ? Norm(epsilon, Normalization == "LN" ? "LN" : "LNPre") : null);
    }

    private NormConfig? Norm(double epsilon, string? kind) => kind switch
    {
        null => null,
        "LN" => new LayerNormConfig(epsilon),
        "LNPre" => new LayerNormConfig(epsilon, Gain: false, Bias: false),
        "RMS" => new RmsNormConfig(epsilon),
        "RMSPre" => new RmsNormConfig(epsilon, Gain: false),
        var other => throw new ConfigException(Hub.Source, ["normalization_type"], $"the normalization is '{other}'; LN, LNPre, RMS, RMSPre and null are known."),
    };

    private double? Cap(string key) => Hub.Number(key, -1) is > 0 and var cap ? cap : null;

    private int? Ignored(params ReadOnlySpan<string> keys)
    {
        Hub.Inert(keys);
        return null;
    }

    private void Only(string key, params IReadOnlyList<string> values)
    {
        if (Hub.Raw(key) is { } found && !values.Contains(found.GetRawText()))
        {
            throw new ConfigException(Hub.Source, [key], $"'{key}' is {found.GetRawText()}; only {string.Join(" and ", values)} {(values.Count == 1 ? "is" : "are")} implemented for this model.");
        }
    }

    private void RefuseOtherParts()
    {
        foreach (var key in (string[])["gated_mlp", "post_embedding_ln", "use_normalization_before_and_after", "use_qk_norm", "use_attention_sinks", "use_logn_attn", "use_NTK_by_parts_rope", "use_dynamic_ntk_rope", "use_yarn_rope", "load_in_4bit", "factored_embed"])
        {
            Only(key, "false");
        }

        foreach (var key in (string[])["num_experts", "quantization_method", "rotary_base_local"])
        {
            Only(key, "null");
        }

        foreach (var key in (string[])["neuron_scale", "neuron_temp", "rotary_scaling_factor"])
        {
            Only(key, "1.0", "1");
        }

        Only("attention_dir", "\"causal\"");
        Only("original_architecture", "\"neel\"", "\"mingpt\"", "\"GPT2LMHeadModel\"", "\"GPTNeoForCausalLM\"", "\"GPTNeoXForCausalLM\"", "\"GPTJForCausalLM\"", "\"OPTForCausalLM\"");
        Ignored("architecture", "default_prepend_bos", "uses_rms_norm", "rotary_dim", "rotary_base", "rotary_adjacent_pairs", "right_multiply_matrices", "act_fn", "d_mlp");
    }
}
