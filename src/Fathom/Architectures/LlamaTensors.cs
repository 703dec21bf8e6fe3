using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The rows that weight tables of Llama-like checkpoints share.</summary>
internal static class LlamaTensors
{
    private const string Layer = "model.layers.{i}.";

    /// <summary>Embedding, final norm and unembedding.</summary>
    /// <param name="finalNorm">The name of the final norm; <see langword="null"/> if it has no tensors.</param>
    public static IEnumerable<WeightRule> Ends(string? finalNorm = "model.norm") =>
    [
        new("embed.W_E", "model.embed_tokens.weight"),
        .. finalNorm is null ? [] : new WeightRule[] { new("ln_final.w", $"{finalNorm}.weight"), new("ln_final.b", $"{finalNorm}.bias") },
        new("unembed.W_U", "lm_head.weight", "d_vocab d_model -> d_model d_vocab"),
    ];

    /// <summary>A norm of a block.</summary>
    /// <param name="ours">Its name below the block, e.g. <c>ln1</c>.</param>
    /// <param name="theirs">Its name below the layer, e.g. <c>input_layernorm</c>.</param>
    public static IEnumerable<WeightRule> Norm(string ours, string theirs) =>
        [new($"blocks.{{i}}.{ours}.w", $"{Layer}{theirs}.weight"), new($"blocks.{{i}}.{ours}.b", $"{Layer}{theirs}.bias")];

    /// <summary>Separate query, key and value projections and the output projection.</summary>
    /// <param name="config">Says which biases exist: a bias in the file that the config denies stays without a place, and loading fails.</param>
    /// <param name="output">The name of the output projection.</param>
    public static IEnumerable<WeightRule> Attention(ModelConfig config, string output = "o_proj")
    {
        return
        [
            new("blocks.{i}.attn.W_Q", $"{Layer}self_attn.q_proj.weight", "(head d_head) d_model -> head d_model d_head"),
            new("blocks.{i}.attn.W_K", $"{Layer}self_attn.k_proj.weight", "(kv_head d_head) d_model -> kv_head d_model d_head"),
            new("blocks.{i}.attn.W_V", $"{Layer}self_attn.v_proj.weight", "(kv_head d_head) d_model -> kv_head d_model d_head"),
            .. First(config).QkvBias ? QkvBiases : [],
            .. Output(config, output),
        ];
    }

    /// <summary>The output projection.</summary>
    /// <param name="config">Says whether there is a bias.</param>
    /// <param name="output">The projection's name.</param>
    public static IEnumerable<WeightRule> Output(ModelConfig config, string output = "o_proj") =>
    [
        new("blocks.{i}.attn.W_O", $"{Layer}self_attn.{output}.weight", "d_model (head d_head) -> head d_head d_model"),
        .. First(config).OutputBias ? [new WeightRule("blocks.{i}.attn.b_O", $"{Layer}self_attn.{output}.bias")] : Array.Empty<WeightRule>(),
    ];

    /// <summary>Norms of queries and keys.</summary>
    /// <param name="queries">The name of the norm of queries.</param>
    /// <param name="keys">The name of the norm of keys.</param>
    public static IEnumerable<WeightRule> QueryKeyNorm(string queries, string keys) =>
        [.. Norm("attn.q_norm", $"self_attn.{queries}"), .. Norm("attn.k_norm", $"self_attn.{keys}")];

    /// <summary>The trained numbers of xIELU; the last two are scalars in the file.</summary>
    public static IEnumerable<WeightRule> Xielu() =>
    [
        new("blocks.{i}.mlp.act_fn.alpha_p", $"{Layer}mlp.act_fn.alpha_p"),
        new("blocks.{i}.mlp.act_fn.alpha_n", $"{Layer}mlp.act_fn.alpha_n"),
        new("blocks.{i}.mlp.act_fn.beta", $"{Layer}mlp.act_fn.beta", " -> one"),
        new("blocks.{i}.mlp.act_fn.eps", $"{Layer}mlp.act_fn.eps", " -> one"),
    ];

    /// <summary>A gated MLP of three projections.</summary>
    /// <param name="config">Says whether there are biases.</param>
    public static IEnumerable<WeightRule> GatedMlp(ModelConfig config) =>
    [
        .. Projection("gate", "gate_proj", "d_mlp d_model -> d_model d_mlp", config),
        .. Projection("in", "up_proj", "d_mlp d_model -> d_model d_mlp", config),
        .. Projection("out", "down_proj", "d_model d_mlp -> d_mlp d_model", config),
    ];

    /// <summary>A gated MLP whose gate and other branch lie in one tensor, the gate first.</summary>
    public static IEnumerable<WeightRule> FusedMlp() =>
    [
        new("blocks.{i}.mlp.W_gate, blocks.{i}.mlp.W_in", $"{Layer}mlp.gate_up_proj.weight", "(branch d_mlp) d_model -> branch d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Layer}mlp.down_proj.weight", "d_model d_mlp -> d_mlp d_model"),
    ];

    /// <summary>An MLP of two projections.</summary>
    /// <param name="config">Says whether there are biases.</param>
    /// <param name="input">The name of the first projection.</param>
    /// <param name="output">The name of the second.</param>
    public static IEnumerable<WeightRule> PlainMlp(ModelConfig config, string input, string output) =>
    [
        .. Projection("in", input, "d_mlp d_model -> d_model d_mlp", config),
        .. Projection("out", output, "d_model d_mlp -> d_mlp d_model", config),
    ];

    private static IEnumerable<WeightRule> QkvBiases =>
    [
        new("blocks.{i}.attn.b_Q", $"{Layer}self_attn.q_proj.bias", "(head d_head) -> head d_head"),
        new("blocks.{i}.attn.b_K", $"{Layer}self_attn.k_proj.bias", "(kv_head d_head) -> kv_head d_head"),
        new("blocks.{i}.attn.b_V", $"{Layer}self_attn.v_proj.bias", "(kv_head d_head) -> kv_head d_head"),
    ];

    private static IEnumerable<WeightRule> Projection(string ours, string theirs, string pattern, ModelConfig config) =>
    [
        new($"blocks.{{i}}.mlp.W_{ours}", $"{Layer}mlp.{theirs}.weight", pattern),
        .. HasBias(config) ? [new WeightRule($"blocks.{{i}}.mlp.b_{ours}", $"{Layer}mlp.{theirs}.bias")] : Array.Empty<WeightRule>(),
    ];

    private static AttentionConfig First(ModelConfig config) => config.Blocks.Select(b => b.Mixer).OfType<AttentionConfig>().First();

    private static bool HasBias(ModelConfig config) => config.Blocks.Any(b => b.Mlp is GatedMlpConfig { Bias: true } or PlainMlpConfig { Bias: true });
}
