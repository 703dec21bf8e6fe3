using System.Text.Json;
using Fathom.Loading.Checkpoints;

namespace Fathom.Tests.Fixtures;

/// <summary>Writes a fixture's folder as llama.cpp's converter writes it: its names, its metadata, its changes to the values. The forward direction of what loading undoes, written from the format's description alone.</summary>
internal sealed class GgufConversion
{
    private readonly JsonElement _config;
    private readonly string _architecture;
    private readonly int _heads;
    private readonly int _keyHeads;
    private readonly int _width;

    private GgufConversion(string architecture, JsonElement config)
    {
        (_architecture, _config) = (architecture, config);
        _width = Count("hidden_size", "n_embd", "d_model");
        _heads = Count("num_attention_heads", "n_head", "n_heads");
        _keyHeads = architecture == "falcon" ? (Flag("new_decoder_architecture") ? Count("num_kv_heads") : Flag("multi_query") ? 1 : _heads)
            : architecture == "starcoder" ? 1 : config.TryGetProperty("num_key_value_heads", out _) ? Count("num_key_value_heads") : _heads;
    }

    /// <summary>The tensor names inside a layer, theirs and GGUF's, for all families; a name means the same in each.</summary>
    private static readonly Dictionary<string, string> LayerNames = new(StringComparer.Ordinal)
    {
        ["self_attn.q_proj"] = "attn_q", ["self_attn.k_proj"] = "attn_k", ["self_attn.v_proj"] = "attn_v", ["self_attn.o_proj"] = "attn_output", ["self_attn.qkv_proj"] = "attn_qkv",
        ["self_attn.q_norm"] = "attn_q_norm", ["self_attn.k_norm"] = "attn_k_norm", ["mlp.gate_proj"] = "ffn_gate", ["mlp.up_proj"] = "ffn_up", ["mlp.down_proj"] = "ffn_down", ["mlp.gate_up_proj"] = "ffn_up",
        ["mlp.c_fc"] = "ffn_up", ["mlp.c_proj"] = "ffn_down", ["attn.c_attn"] = "attn_qkv", ["attn.c_proj"] = "attn_output", ["ln_1"] = "attn_norm", ["ln_2"] = "ffn_norm",
        ["attention.query_key_value"] = "attn_qkv", ["self_attention.query_key_value"] = "attn_qkv", ["attention.dense"] = "attn_output", ["self_attention.dense"] = "attn_output",
        ["mlp.dense_h_to_4h"] = "ffn_up", ["mlp.dense_4h_to_h"] = "ffn_down", ["ln_mlp"] = "attn_norm", ["ln_attn"] = "attn_norm_2", ["input_layernorm"] = "attn_norm",
        ["attn.Wqkv"] = "attn_qkv", ["attn.out_proj"] = "attn_output", ["norm_1"] = "attn_norm", ["norm_2"] = "ffn_norm", ["ffn.up_proj"] = "ffn_up", ["ffn.down_proj"] = "ffn_down",
    };

    /// <summary>Writes the file.</summary>
    /// <param name="folder">A folder with config.json and model.safetensors.</param>
    /// <param name="architecture">GGUF's name of the family.</param>
    /// <param name="path">Where.</param>
    /// <param name="tokens">A tokenizer's tokens, byte-level, without merges; null for none.</param>
    public static void Write(string folder, string architecture, string path, IReadOnlyList<string>? tokens = null)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        GgufConversion conversion = new(architecture, json.RootElement);
        using var source = Checkpoint.Open(Path.Combine(folder, "model.safetensors"));
        using var scope = torch.NewDisposeScope();
        List<(string, Tensor)> tensors = [];
        foreach (var name in source.Tensors.Keys.Where(n => !(n is "lm_head.weight" or "embed_out.weight" && conversion.Flag("tie_word_embeddings"))))
        {
            var tensor = source.Read(name);
            scope.Attach(tensor);
            var (gguf, suffix) = conversion.Name(name);
            tensors.Add((gguf + suffix, conversion.Changed(gguf.Split('.')[^1], suffix, tensor)));
        }

        if (conversion.Rope("rope_type") is { ValueKind: JsonValueKind.String } type && type.GetString() == "llama3")
        {
            tensors.Add(("rope_freqs.weight", conversion.Llama3Factors()));
        }

        GgufWriter.Write(path, [.. conversion.Metadata(), .. tokens is null ? [] : Tokenizer(tokens)], tensors);
    }

    private IEnumerable<(string, object)> Metadata()
    {
        yield return ("general.architecture", _architecture);
        yield return Key("embedding_length", _width);
        yield return Key("block_count", Count("num_hidden_layers", "n_layer", "n_layers"));
        yield return Key("context_length", _architecture == "bloom" ? 64 : Count("max_position_embeddings", "n_positions", "max_seq_len"));
        yield return Key("attention.head_count", _heads);
        if (_keyHeads != _heads)
        {
            yield return Key("attention.head_count_kv", _keyHeads);
        }

        yield return _config.TryGetProperty("rms_norm_eps", out var rms) ? Key("attention.layer_norm_rms_epsilon", rms.GetDouble()) : Key("attention.layer_norm_epsilon", Real("layer_norm_epsilon", "layer_norm_eps", "norm_epsilon"));
        if (_config.TryGetProperty("head_dim", out var head) && head.ValueKind == JsonValueKind.Number)
        {
            yield return Key("attention.key_length", head.GetInt32());
            yield return Key("attention.value_length", head.GetInt32());
        }

        if (Rope("rope_theta") is { ValueKind: JsonValueKind.Number } theta && _architecture is not ("gemma" or "gemma2" or "falcon"))
        {
            yield return Key("rope.freq_base", theta.GetDouble());
        }

        if (_architecture == "gptneox")
        {
            yield return Key("rope.dimension_count", (int)(_width / _heads * Rope("partial_rotary_factor")!.Value.GetDouble()));
            yield return Key("use_parallel_residual", Flag("use_parallel_residual"));
        }

        if (_architecture == "mpt")
        {
            yield return Key("attention.max_alibi_bias", 8.0);
        }

        if (_architecture is "gemma2" or "gemma3")
        {
            yield return Key("attention.sliding_window", Count("sliding_window"));
        }

        if (_architecture == "gemma2")
        {
            yield return Key("attn_logit_softcapping", Real("attn_logit_softcapping"));
            yield return Key("final_logit_softcapping", Real("final_logit_softcapping"));
        }
    }

    private static IEnumerable<(string, object)> Tokenizer(IReadOnlyList<string> tokens) =>
        [("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "gpt-2"), ("tokenizer.ggml.tokens", tokens), ("tokenizer.ggml.token_type", tokens.Select(_ => 1).ToList()), ("tokenizer.ggml.merges", Array.Empty<string>()), ("tokenizer.ggml.bos_token_id", 1), ("tokenizer.ggml.eos_token_id", 2)];

    private (string Name, string Suffix) Name(string theirs)
    {
        var dot = theirs.LastIndexOf('.');
        var (stem, suffix) = (theirs[..dot], theirs[dot..]);
        var parts = stem.Split('.');
        var at = Array.FindIndex(parts, p => p.Length > 0 && p.All(char.IsAsciiDigit));
        if (at < 0)
        {
            return (parts[^1] switch
            {
                "embed_tokens" or "wte" or "embed_in" or "word_embeddings" => "token_embd",
                "wpe" => "position_embd",
                "word_embeddings_layernorm" => "token_embd_norm",
                "norm" or "ln_f" or "final_layer_norm" or "norm_f" => "output_norm",
                "lm_head" or "embed_out" => "output",
                var other => throw new ArgumentException($"'{theirs}': no such tensor as {other} is converted.", nameof(theirs)),
            }, suffix);
        }

        var rest = string.Join('.', parts[(at + 1)..]);
        var posts = _architecture is "gemma2" or "gemma3";
        var name = rest switch
        {
            "post_attention_layernorm" => posts ? "post_attention_norm" : "ffn_norm",
            "pre_feedforward_layernorm" => "ffn_norm",
            "post_feedforward_layernorm" => "post_ffw_norm",
            _ => LayerNames[rest],
        };
        return ($"blk.{parts[at]}.{name}", suffix);
    }

    private Tensor Changed(string name, string suffix, Tensor tensor) => (_architecture, name) switch
    {
        ("llama", "attn_q") => Paired(tensor, _heads),
        ("llama", "attn_k") => Paired(tensor, _keyHeads),
        ("gemma" or "gemma2" or "gemma3", _) when name.EndsWith("_norm", StringComparison.Ordinal) && suffix == ".weight" => tensor + torch.tensor(1f),
        ("gpt2", _) when tensor.dim() == 2 && name is "attn_qkv" or "attn_output" or "ffn_up" or "ffn_down" && suffix == ".weight" => tensor.transpose(0, 1).contiguous(),
        ("gptneox" or "bloom", "attn_qkv") => Regrouped(tensor.reshape([_heads, 3, _width / _heads, .. tensor.shape[1..]]).transpose(0, 1), tensor),
        ("falcon", "attn_qkv") => ByGroup(tensor),
        _ => tensor,
    };

    /// <summary>From half-split rows to neighbouring pairs, head by head.</summary>
    private static Tensor Paired(Tensor tensor, int heads) => Regrouped(tensor.reshape([heads, 2, tensor.shape[0] / heads / 2, .. tensor.shape[1..]]).transpose(1, 2), tensor);

    /// <summary>From queries, key and value of each group to all queries, all keys, all values.</summary>
    private Tensor ByGroup(Tensor tensor)
    {
        var groups = tensor.reshape([_keyHeads, (_heads / _keyHeads) + 2, _width / _heads, .. tensor.shape[1..]]);
        var queries = _heads / _keyHeads;
        return torch.cat([.. new[] { groups.narrow(1, 0, queries), groups.narrow(1, queries, 1), groups.narrow(1, queries + 1, 1) }.Select(p => p.reshape([-1, .. tensor.shape[1..]]))], 0);
    }

    private static Tensor Regrouped(Tensor moved, Tensor like) => moved.contiguous().reshape(like.shape);

    /// <summary>What Llama 3 divides each frequency by.</summary>
    private Tensor Llama3Factors()
    {
        var dim = _width / _heads;
        double Of(string key) => Rope(key)!.Value.GetDouble();
        var (factor, low, high, context) = (Of("factor"), Of("low_freq_factor"), Of("high_freq_factor"), Of("original_max_position_embeddings"));
        return torch.tensor([.. Enumerable.Range(0, dim / 2).Select(i =>
        {
            var wavelength = 2 * Math.PI * Math.Pow(Of("rope_theta"), 2.0 * i / dim);
            var smooth = ((context / wavelength) - low) / (high - low);
            return wavelength < context / high ? 1f : wavelength > context / low ? (float)factor : (float)(1 / (((1 - smooth) / factor) + smooth));
        })]);
    }

    private (string, object) Key(string key, object value) => ($"{_architecture}.{key}", value);

    private int Count(params string[] keys) => keys.Select(k => _config.TryGetProperty(k, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetInt32() : (int?)null).First(v => v is not null)!.Value;

    private double Real(params string[] keys) => keys.Select(k => _config.TryGetProperty(k, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : (double?)null).First(v => v is not null)!.Value;

    private bool Flag(string key) => _config.TryGetProperty(key, out var v) && v.ValueKind == JsonValueKind.True;

    private JsonElement? Rope(string key) => _config.TryGetProperty("rope_parameters", out var rope) && rope.ValueKind == JsonValueKind.Object
        ? (rope.TryGetProperty("full_attention", out var full) ? full : rope).TryGetProperty(key, out var value) ? value : null
        : null;
}
