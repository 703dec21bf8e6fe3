using System.Text.Json.Nodes;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>Families whose reference is code in their repositories: the same model as one of another family, its weights laid out the other way.</summary>
public sealed class RemoteCodeTests
{
    private static readonly long[,] Ids = { { 5, 1, 9, 100, 7, 3, 60, 2 }, { 3, 3, 60, 2, 112, 50, 51, 52 } };

    [Fact]
    public void The_first_Qwen_gives_the_logits_of_Qwen2_with_a_key_for_each_query_head()
    {
        using var scope = torch.NewDisposeScope();
        using var source = Checkpoint.Open(Path.Combine(Family.Folder("qwen2"), "model.safetensors"));
        Dictionary<string, Tensor> tensors = new()
        {
            ["transformer.wte.weight"] = source.Read("model.embed_tokens.weight"),
            ["transformer.ln_f.weight"] = source.Read("model.norm.weight"),
            ["lm_head.weight"] = source.Read("lm_head.weight"),
        };
        for (var i = 0; i < 3; i++)
        {
            var (theirs, layer) = ($"model.layers.{i}.", $"transformer.h.{i}.");
            tensors[$"{layer}ln_1.weight"] = source.Read($"{theirs}input_layernorm.weight");
            tensors[$"{layer}ln_2.weight"] = source.Read($"{theirs}post_attention_layernorm.weight");
            tensors[$"{layer}attn.c_proj.weight"] = source.Read($"{theirs}self_attn.o_proj.weight");
            tensors[$"{layer}mlp.w1.weight"] = source.Read($"{theirs}mlp.up_proj.weight");
            tensors[$"{layer}mlp.w2.weight"] = source.Read($"{theirs}mlp.gate_proj.weight");
            tensors[$"{layer}mlp.c_proj.weight"] = source.Read($"{theirs}mlp.down_proj.weight");
            foreach (var kind in new[] { "weight", "bias" })
            {
                tensors[$"{layer}attn.c_attn.{kind}"] = torch.cat([source.Read($"{theirs}self_attn.q_proj.{kind}"), PerHead(source.Read($"{theirs}self_attn.k_proj.{kind}")), PerHead(source.Read($"{theirs}self_attn.v_proj.{kind}"))], 0);
            }
        }

        // As Qwen/Qwen-1_8B writes it; intermediate_size counts both branches.
        var folder = Same("qwen2", tensors, """
            {"architectures": ["QWenLMHeadModel"], "auto_map": {"AutoModelForCausalLM": "modeling_qwen.QWenLMHeadModel"}, "attn_dropout_prob": 0.0, "bf16": false, "emb_dropout_prob": 0.0, "fp16": false, "fp32": false, "hidden_size": 48,
             "intermediate_size": 160, "initializer_range": 0.02, "kv_channels": 12, "layer_norm_epsilon": 1e-06, "max_position_embeddings": 64, "model_type": "qwen", "no_bias": true, "num_attention_heads": 4, "num_hidden_layers": 3,
             "onnx_safe": null, "rotary_emb_base": 1000000, "rotary_pct": 1.0, "scale_attn_weights": true, "seq_length": 64, "tie_word_embeddings": false, "tokenizer_class": "QWenTokenizer", "transformers_version": "4.32.0",
             "use_cache": true, "use_dynamic_ntk": true, "use_flash_attn": "auto", "use_logn_attn": true, "vocab_size": 113}
            """);

        using var model = HookedTransformer.FromPretrained(folder, Processing.None);
        var error = Assert.Throws<TokenInputException>(() => model.Forward(torch.ones(1, 65, dtype: torch.ScalarType.Int64)));
        Assert.Contains("this model's context is 64 and the rule of its positions is another one beyond it", error.Message, StringComparison.Ordinal);

        static Tensor PerHead(Tensor grouped) => grouped.reshape([2, 12, .. grouped.shape[1..]]).repeat_interleave(2, 0).reshape([48, .. grouped.shape[1..]]);
    }

    [Fact]
    public void The_first_SantaCoder_gives_the_logits_of_GPT_BigCode()
    {
        using var scope = torch.NewDisposeScope();
        using var source = Checkpoint.Open(Path.Combine(Family.Folder("gpt-bigcode"), "model.safetensors"));
        Dictionary<string, Tensor> tensors = [];
        foreach (var name in source.Tensors.Keys)
        {
            var tensor = source.Read(name);
            if (name.Contains("attn.c_attn", StringComparison.Ordinal))
            {
                tensors[name.Replace("c_attn", "q_attn", StringComparison.Ordinal)] = Turned(tensor.narrow(0, 0, 48));
                tensors[name.Replace("c_attn", "kv_attn", StringComparison.Ordinal)] = Turned(tensor.narrow(0, 48, 24));
            }
            else
            {
                tensors[name] = name.Contains(".c_", StringComparison.Ordinal) ? Turned(tensor) : tensor;
            }
        }

        Same("gpt-bigcode", tensors, """
            {"architectures": ["GPT2LMHeadCustomModel"], "auto_map": {"AutoConfig": "configuration_gpt2_mq.GPT2CustomConfig"}, "activation_function": "gelu_fast", "attention_head_type": "multiquery", "attn_pdrop": 0.1, "embd_pdrop": 0.1,
             "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_embd": 48, "n_head": 4, "n_inner": 80, "n_layer": 2, "n_positions": 64, "reorder_and_upcast_attn": false, "resid_pdrop": 0.1,
             "scale_attn_by_inverse_layer_idx": false, "scale_attn_weights": true, "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true, "use_cache": true, "vocab_size": 113}
            """);

        static Tensor Turned(Tensor tensor) => tensor.dim() == 2 ? tensor.transpose(0, 1).contiguous() : tensor.clone();
    }

    private static string Same(string family, Dictionary<string, Tensor> tensors, string config)
    {
        var folder = Fixture.EmptyFolder();
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonNode.Parse(config)!.ToJsonString());
        using var known = HookedTransformer.FromPretrained(Family.Folder(family), Processing.None);
        using var model = HookedTransformer.FromPretrained(folder, Processing.None);
        using var processed = HookedTransformer.FromPretrained(folder);
        var (want, got) = (known.Forward(torch.tensor(Ids)), model.Forward(torch.tensor(Ids)));
        Assert.True((want - got).abs().max().item<float>() < 1e-5, $"the logits differ by {(want - got).abs().max().item<float>():G3}");
        Assert.True((want.log_softmax(-1) - processed.Forward(torch.tensor(Ids)).log_softmax(-1)).abs().max().item<float>() < 5e-5);
        return folder;
    }
}
