using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The rows that weight tables of the later Gemmas share.</summary>
internal static class GemmaTensors
{
    /// <summary>Norms before and after both sublayers, norms of queries and keys, and a gated MLP.</summary>
    /// <param name="config">Says which biases exist.</param>
    public static IEnumerable<WeightRule> Blocks(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln1_post", "post_attention_layernorm"),
        .. LlamaTensors.Norm("ln2", "pre_feedforward_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2_post", "post_feedforward_layernorm"),
    ];

    /// <summary>The second embedding, with a vector per token and layer, and the part of each block that reads it.</summary>
    public static IEnumerable<WeightRule> PerLayer { get; } =
    [
        new("ple_embed.W_E", "model.embed_tokens_per_layer.weight", "d_vocab_ple (layer d_ple) -> d_vocab_ple layer d_ple"),
        new("ple_embed.W_proj", "model.per_layer_model_projection.weight", "(layer d_ple) d_model -> d_model layer d_ple"),
        new("ple_embed.ln.w", "model.per_layer_projection_norm.weight"),
        new("blocks.{i}.ple.W_gate", "model.layers.{i}.per_layer_input_gate.weight", "d_ple d_model -> d_model d_ple"),
        new("blocks.{i}.ple.W_out", "model.layers.{i}.per_layer_projection.weight", "d_model d_ple -> d_ple d_model"),
        .. LlamaTensors.Norm("ple.ln", "post_per_layer_input_norm"),
    ];
}
