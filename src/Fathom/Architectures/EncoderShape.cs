using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The shape of an encoder in BERT's spelling (<c>hidden_size</c>, <c>num_attention_heads</c>, <c>type_vocab_size</c>, ...): norms on the stream after each sublayer, biases everywhere.</summary>
/// <param name="Hub">The config.</param>
/// <param name="Epsilon">The epsilon of norms when the config does not say.</param>
internal sealed record EncoderShape(HubConfig Hub, double Epsilon = 1e-12)
{
    /// <summary>The width of the residual stream.</summary>
    public int Width { get; } = Hub.Size("hidden_size");

    /// <summary>The number of heads.</summary>
    public int Heads { get; } = Hub.Size("num_attention_heads");

    /// <summary>The number of layers.</summary>
    public int Layers { get; } = Hub.Size("num_hidden_layers");

    /// <summary>Every norm.</summary>
    public LayerNormConfig Norm { get; } = new(Hub.Number("layer_norm_eps", Epsilon));

    /// <summary>A block.</summary>
    /// <exception cref="ConfigException">Heads do not divide the width.</exception>
    public BlockConfig Block() => Block(Hub, ("hidden_size", Width), ("num_attention_heads", Heads), new PlainMlpConfig(Hub.Size("intermediate_size"), Hub.Activation("hidden_act", "gelu"), Bias: true), Norm);

    /// <summary>The model without what predicts words, if the config names a class that is saved so (<c>BertModel</c>).</summary>
    public static ModelConfig Bare(HubConfig hub, ModelConfig config) => hub.Texts("architectures") is [var name, ..] && name.EndsWith("Model", StringComparison.Ordinal)
        ? config with { Architecture = name, PredictsWords = false, Head = null, UnembedBias = false }
        : config;

    /// <summary>A block of BERT's kind.</summary>
    /// <exception cref="ConfigException">Heads do not divide the width.</exception>
    public static BlockConfig Block(HubConfig hub, (string Key, int Value) width, (string Key, int Value) heads, MlpConfig mlp, NormConfig norm) => width.Value % heads.Value != 0
        ? throw new ConfigException(hub.Source, [width.Key, heads.Key], $"{width.Key} {width.Value} is not a multiple of {heads.Key} {heads.Value}.")
        : new()
        {
            Layout = BlockLayout.NormOnStream,
            Mixer = new AttentionConfig { Causal = false, NHeads = heads.Value, NKeyValueHeads = heads.Value, DHead = width.Value / heads.Value, Scale = 1 / Math.Sqrt(width.Value / heads.Value), QkvBias = true, OutputBias = true },
            Ln1 = norm,
            Mlp = mlp,
            Ln2 = norm,
        };

    /// <summary>The whole model.</summary>
    /// <param name="architecture">The class name.</param>
    /// <param name="head">The nonlinearity of the head.</param>
    /// <param name="offset">The row of the table of positions that belongs to the first one.</param>
    public ModelConfig Model(string architecture, Activation head, int offset = 0)
    {
        Hub.Require("position_embedding_type", "\"absolute\"");
        Hub.Require("is_decoder", "false");
        var rows = Hub.Size("max_position_embeddings");
        if (offset < 0 || offset >= rows)
        {
            throw new ConfigException(Hub.Source, ["max_position_embeddings", "pad_token_id"], $"positions begin at row {offset} (pad_token_id + 1), but the table has {rows} rows (max_position_embeddings).");
        }

        return new()
        {
            Architecture = architecture,
            DModel = Width,
            DVocab = Hub.Size("vocab_size"),
            NCtx = rows - offset,
            Positions = new LearnedPositions(offset),
            TokenTypes = Hub.Size("type_vocab_size", 2),
            EmbedNorm = Norm,
            Head = new(head, Norm, Bias: true),
            TiedEmbeddings = Hub.Flag("tie_word_embeddings", true),
            UnembedBias = true,
            Blocks = [.. Enumerable.Repeat(Block(), Layers)],
        };
    }
}
