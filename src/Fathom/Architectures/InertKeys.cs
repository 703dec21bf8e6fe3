using System.Collections.Frozen;

namespace Fathom.Architectures;

/// <summary>The config keys that cannot change a forward pass, in any family. Listed once; everything else must be read or refused.</summary>
internal static class InertKeys
{
    /// <summary>Every such key.</summary>
    public static FrozenSet<string> All { get; } =
        """
        _name_or_path architectures model_type transformers_version torch_dtype dtype auto_map _attn_implementation _attn_implementation_autoset _commit_hash
        attn_implementation use_cache initializer_range initializer_factor init_device init_std
        attn_pdrop embd_pdrop resid_pdrop attention_dropout hidden_dropout dropout activation_dropout embed_dropout classifier_dropout hidden_dropout_prob
        attention_probs_dropout_prob layerdrop encoder_layerdrop decoder_layerdrop dropout_rate classifier_dropout_prob residual_dropout
        summary_activation summary_first_dropout summary_proj_to_labels summary_type summary_use_proj
        bos_token_id eos_token_id pad_token_id sep_token_id cls_token_id mask_token_id decoder_start_token_id forced_bos_token_id forced_eos_token_id unk_token_id
        num_labels id2label label2id problem_type finetuning_task task_specific_params prefix tokenizer_class
        output_attentions output_hidden_states return_dict output_router_logits router_aux_loss_coef return_dict_in_generate output_scores
        gradient_checkpointing use_bfloat16 torchscript pretraining_tp pruned_heads chunk_size_feed_forward is_decoder is_encoder_decoder cross_attention_hidden_size add_cross_attention tie_encoder_decoder
        max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty
        no_repeat_ngram_size encoder_no_repeat_ngram_size bad_words_ids num_return_sequences exponential_decay_length_penalty suppress_tokens begin_suppress_tokens remove_invalid_values
        begin_suppress_tokens tf_legacy_loss reorder_and_upcast_attn
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
