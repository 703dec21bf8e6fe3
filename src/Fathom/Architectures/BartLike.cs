using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Encoder-decoders that name their tensors as BART does. They differ in where norms stand and where positions come from.</summary>
public abstract class BartLike : Architecture
{
    /// <summary>The epsilon of every layer norm, whatever the config says.</summary>
    private const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.EncoderDecoder;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["encoder.version", "decoder.version"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> EmbeddingCopies => ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"];

    /// <summary>Whether norms act on the stream after each sublayer (BART) rather than before it, with one more at the end of each stack.</summary>
    private protected abstract bool NormOnStream { get; }

    /// <summary>Whether a norm follows the sum of word and position vectors.</summary>
    private protected abstract bool NormalizeEmbedding { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["num_hidden_layers", "classif_dropout", "output_past", "extra_pos_embeddings", "force_bos_token_to_be_generated", "_num_labels", "save_step"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "model.shared.weight") { Otherwise = EmbeddingCopies },
        DecoderTensors.Unembed(),
        new("unembed.b_U", "final_logits_bias", "one d_vocab -> (one d_vocab)"),
        .. Stack("encoder"),
        .. Stack("decoder"),
        .. Attention("decoder", "cross_attn", "encoder_attn"),
        .. DecoderTensors.Norm("decoder.{i}.ln2", "model.decoder.layers.{i}.encoder_attn_layer_norm"),
    ];

    /// <summary>The position vectors of both stacks.</summary>
    /// <param name="hub">The config.</param>
    private protected abstract PositionConfig Positions(HubConfig hub);

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("normalize_before", NormOnStream ? "false" : "true");
        hub.Require("add_final_layer_norm", NormOnStream ? "false" : "true");
        hub.Require("normalize_embedding", NormalizeEmbedding ? "true" : "false");
        hub.Require("static_position_embeddings", Positions(hub) is SinusoidalPositions ? "true" : "false");
        hub.Require("add_bias_logits", "false");
        var width = hub.Size("d_model");
        LayerNormConfig norm = new(Epsilon);
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings"),
            EmbedScale = hub.Flag("scale_embedding", false) ? Math.Sqrt(width) : 1,
            Encoder = new() { Blocks = Blocks(hub, width, norm, "encoder"), Positions = Positions(hub), EmbedNorm = NormalizeEmbedding ? norm : null, FinalNorm = NormOnStream ? null : norm },
            Blocks = Blocks(hub, width, norm, "decoder"),
            Positions = Positions(hub),
            EmbedNorm = NormalizeEmbedding ? norm : null,
            FinalNorm = NormOnStream ? null : norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            DecoderStartToken = hub.Token("decoder_start_token_id"),
            ForcedFirstToken = hub.Token("forced_bos_token_id"),
            ForcedLastToken = hub.Token("forced_eos_token_id"),
        };
    }

    private List<BlockConfig> Blocks(HubConfig hub, int width, NormConfig norm, string stack)
    {
        var (heads, causal) = (hub.Size($"{stack}_attention_heads"), stack == "decoder");
        var head = width % heads == 0 ? width / heads : throw new ConfigException(hub.Source, ["d_model", $"{stack}_attention_heads"], $"d_model {width} is not a multiple of {stack}_attention_heads {heads}.");
        BlockConfig block = new()
        {
            Layout = NormOnStream ? BlockLayout.NormOnStream : BlockLayout.Sequential,
            Ln1 = norm,
            Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = heads, DHead = head, Scale = 1 / Math.Sqrt(head), QkvBias = true, OutputBias = true, Causal = causal },
            Ln2 = norm,
            CrossAttention = causal ? new(heads, head, 1 / Math.Sqrt(head), QkvBias: true, OutputBias: true) : null,
            Ln3 = causal ? norm : null,
            Mlp = new PlainMlpConfig(hub.Size($"{stack}_ffn_dim"), hub.Activation("activation_function", "gelu"), Bias: true),
        };
        return [.. Enumerable.Repeat(block, hub.Size($"{stack}_layers"))];
    }

    private static IEnumerable<WeightRule> Attention(string stack, string ours, string theirs) =>
        StackTensors.Attention($"{stack}.{{i}}.{ours}", $"model.{stack}.layers.{{i}}.{theirs}.", ("q_proj", "k_proj", "v_proj", "out_proj"), bias: true);

    private static IEnumerable<WeightRule> Stack(string stack)
    {
        var layer = $"model.{stack}.layers.{{i}}.";
        return
        [
            new($"{stack}_pos_embed.W_pos", $"model.{stack}.embed_positions.weight"),
            .. DecoderTensors.Norm($"{stack}_embed_ln", $"model.{stack}.layernorm_embedding"),
            .. DecoderTensors.Norm($"{stack}_final_ln", $"model.{stack}.layer_norm"),
            .. DecoderTensors.Norm($"{stack}.{{i}}.ln1", $"{layer}self_attn_layer_norm"),
            .. Attention(stack, "attn", "self_attn"),
            .. DecoderTensors.Norm($"{stack}.{{i}}.{(stack == "encoder" ? "ln2" : "ln3")}", $"{layer}final_layer_norm"),
            StackTensors.Reading($"{stack}.{{i}}.mlp.W_in", $"{layer}fc1.weight"),
            new($"{stack}.{{i}}.mlp.b_in", $"{layer}fc1.bias"),
            StackTensors.Writing($"{stack}.{{i}}.mlp.W_out", $"{layer}fc2.weight"),
            new($"{stack}.{{i}}.mlp.b_out", $"{layer}fc2.bias"),
        ];
    }
}
