namespace Fathom.Architectures;

/// <summary>Rows of weight tables that families with names of their own share: linear layers stored as <c>[out, in]</c>, and queries, keys and values in one tensor.</summary>
internal static class DecoderTensors
{
    /// <summary>A norm.</summary>
    /// <param name="ours">Its full name, e.g. <c>blocks.{i}.ln1</c>.</param>
    /// <param name="theirs">The names it may have, without <c>.weight</c> and <c>.bias</c>.</param>
    public static IEnumerable<WeightRule> Norm(string ours, params string[] theirs) =>
    [
        new($"{ours}.w", $"{theirs[0]}.weight") { Otherwise = [.. theirs[1..].Select(t => $"{t}.weight")] },
        new($"{ours}.b", $"{theirs[0]}.bias") { Otherwise = [.. theirs[1..].Select(t => $"{t}.bias")] },
    ];

    /// <summary>The unembedding, one row per token.</summary>
    public static WeightRule Unembed(string theirs = "lm_head.weight", params string[] otherwise) => new("unembed.W_U", theirs, "d_vocab width -> width d_vocab") { Otherwise = otherwise };

    /// <summary>Three separate projections.</summary>
    /// <param name="attention">What their names begin with, e.g. <c>transformer.h.{i}.attn.</c>.</param>
    /// <param name="bias">Whether they have biases.</param>
    public static IEnumerable<WeightRule> Separate(string attention, bool bias) => new[] { ("Q", "q_proj", "head"), ("K", "k_proj", "kv_head"), ("V", "v_proj", "kv_head") }.SelectMany(p =>
    {
        var (ours, theirs, head) = p;
        WeightRule weight = new($"blocks.{{i}}.attn.W_{ours}", $"{attention}{theirs}.weight", $"({head} d_head) d_model -> {head} d_model d_head");
        return bias ? [weight, new($"blocks.{{i}}.attn.b_{ours}", $"{attention}{theirs}.bias", $"({head} d_head) -> {head} d_head")] : new[] { weight };
    });

    /// <summary>One tensor whose rows hold, for every head, its query, its key and its value.</summary>
    /// <param name="theirs">Its name without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public static IEnumerable<WeightRule> FusedByHead(string theirs, bool bias) =>
    [
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{theirs}.weight", "(head qkv d_head) d_model -> qkv head d_model d_head"),
        .. bias ? [new WeightRule("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{theirs}.bias", "(head qkv d_head) -> qkv head d_head")] : Array.Empty<WeightRule>(),
    ];

    /// <summary>One tensor whose rows hold, for every key head, the queries of its group, its key and its value. With one key head that is all queries, the key, the value; with as many as query heads it is <see cref="FusedByHead"/>.</summary>
    /// <param name="theirs">Its name without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public static IEnumerable<WeightRule> FusedByGroup(string theirs, bool bias) =>
    [
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{theirs}.weight", "(kv_head rows) d_model -> rows kv_head d_model")
        {
            Slices = ["(group d_head) kv_head d_model -> (kv_head group) d_model d_head", "d_head kv_head d_model -> kv_head d_model d_head", "d_head kv_head d_model -> kv_head d_model d_head"],
        },
        .. bias
            ? [new WeightRule("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{theirs}.bias", "(kv_head rows) -> rows kv_head")
            {
                Slices = ["(group d_head) kv_head -> (kv_head group) d_head", "d_head kv_head -> kv_head d_head", "d_head kv_head -> kv_head d_head"],
            }]
            : Array.Empty<WeightRule>(),
    ];

    /// <summary>The projection of heads back to the stream.</summary>
    /// <param name="theirs">Its name without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public static IEnumerable<WeightRule> Output(string theirs, bool bias) =>
    [
        new("blocks.{i}.attn.W_O", $"{theirs}.weight", "d_model (head d_head) -> head d_head d_model"),
        .. bias ? [new WeightRule("blocks.{i}.attn.b_O", $"{theirs}.bias")] : Array.Empty<WeightRule>(),
    ];

    /// <summary>An MLP of two projections.</summary>
    /// <param name="input">The first one's name without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="output">The second one's.</param>
    /// <param name="bias">Whether there are biases.</param>
    public static IEnumerable<WeightRule> PlainMlp(string input, string output, bool bias) =>
    [
        new("blocks.{i}.mlp.W_in", $"{input}.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{output}.weight", "d_model d_mlp -> d_mlp d_model"),
        .. bias ? [new("blocks.{i}.mlp.b_in", $"{input}.bias"), new WeightRule("blocks.{i}.mlp.b_out", $"{output}.bias")] : Array.Empty<WeightRule>(),
    ];
}
