namespace Fathom.Architectures;

/// <summary>Rows of weight tables that encoders with BERT's names share: linear layers stored as <c>[out, in]</c>.</summary>
internal static class BertTensors
{
    /// <summary>The three embeddings and their norm.</summary>
    /// <param name="prefix">What names begin with, e.g. <c>bert.</c>.</param>
    public static IEnumerable<WeightRule> Embeddings(string prefix) =>
    [
        new("embed.embed.W_E", $"{prefix}embeddings.word_embeddings.weight"),
        new("embed.pos_embed.W_pos", $"{prefix}embeddings.position_embeddings.weight"),
        new("embed.token_type_embed.W_token_type", $"{prefix}embeddings.token_type_embeddings.weight"),
        .. DecoderTensors.Norm("embed.ln", $"{prefix}embeddings.LayerNorm"),
    ];

    /// <summary>The layers.</summary>
    /// <param name="prefix">What names begin with, e.g. <c>bert.</c>.</param>
    /// <param name="suffix">What the names of query, key and value end in, e.g. <c>_proj</c>.</param>
    public static IEnumerable<WeightRule> Layers(string prefix, string suffix = "")
    {
        var layer = $"{prefix}encoder.layer.{{i}}.";
        return
        [
            .. Heads("Q", $"{layer}attention.self.query{suffix}"),
            .. Heads("K", $"{layer}attention.self.key{suffix}"),
            .. Heads("V", $"{layer}attention.self.value{suffix}"),
            .. DecoderTensors.Output($"{layer}attention.output.dense", bias: true),
            .. DecoderTensors.Norm("blocks.{i}.ln1", $"{layer}attention.output.LayerNorm"),
            .. DecoderTensors.PlainMlp($"{layer}intermediate.dense", $"{layer}output.dense", bias: true),
            .. DecoderTensors.Norm("blocks.{i}.ln2", $"{layer}output.LayerNorm"),
        ];
    }

    /// <summary>A projection to heads with its bias.</summary>
    /// <param name="ours">The letter, e.g. <c>Q</c>.</param>
    /// <param name="theirs">The name without <c>.weight</c> and <c>.bias</c>.</param>
    public static IEnumerable<WeightRule> Heads(string ours, string theirs) =>
    [
        new($"blocks.{{i}}.attn.W_{ours}", $"{theirs}.weight", "(head d_head) d_model -> head d_model d_head"),
        new($"blocks.{{i}}.attn.b_{ours}", $"{theirs}.bias", "(head d_head) -> head d_head"),
    ];

    /// <summary>The layer before the unembedding.</summary>
    /// <param name="dense">The name of its matrix, without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="norm">The name of its norm.</param>
    /// <param name="decoder">The name of the unembedding, where a file holds it beside the embedding.</param>
    /// <param name="bias">The names the bias of the logits may have.</param>
    public static IEnumerable<WeightRule> Head(string dense, string norm, string decoder, params string[] bias) =>
    [
        new("mlm_head.W", $"{dense}.weight", "d_embed d_model -> d_model d_embed"),
        new("mlm_head.b", $"{dense}.bias"),
        .. DecoderTensors.Norm("mlm_head.ln", norm),
        DecoderTensors.Unembed($"{decoder}.weight"),
        new("unembed.b_U", bias[0]) { Otherwise = [.. bias[1..], $"{decoder}.bias"] },
    ];
}
