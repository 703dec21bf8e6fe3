using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The shape of a decoder in the spelling that most families share (<c>hidden_size</c>, <c>num_attention_heads</c>, ...).</summary>
/// <param name="Hub">The config.</param>
internal sealed record DecoderShape(HubConfig Hub)
{
    /// <summary>The width of the residual stream.</summary>
    public int Width { get; } = Hub.Size("hidden_size");

    /// <summary>The number of layers.</summary>
    public int Layers { get; } = Hub.Size("num_hidden_layers");

    /// <summary>The number of query heads.</summary>
    public int Heads { get; } = Hub.Size("num_attention_heads");

    /// <summary>The number of key-value heads; as many as query heads when the config does not say.</summary>
    public int KeyValueHeads { get; } = Hub.Size("num_key_value_heads", Hub.Size("num_attention_heads"));

    /// <summary>The hidden width of the MLP.</summary>
    public int MlpWidth => Hub.Size("intermediate_size");

    /// <summary>The width of a head: <c>head_dim</c> where the config has it.</summary>
    /// <exception cref="ConfigException">The config has none and heads do not divide the width.</exception>
    public int HeadWidth => Hub.Has("head_dim") ? Hub.Size("head_dim") : Width % Heads == 0
        ? Width / Heads
        : throw new ConfigException(Hub.Source, ["hidden_size", "num_attention_heads"], $"hidden_size {Width} is not a multiple of num_attention_heads {Heads}, and no head_dim is given.");

    /// <summary>Attention with the usual scale and no biases.</summary>
    /// <param name="rotary">The positions.</param>
    /// <exception cref="ConfigException">Key-value heads do not divide query heads.</exception>
    public AttentionConfig Attention(RotaryConfig? rotary) => Heads % KeyValueHeads == 0
        ? new() { NHeads = Heads, NKeyValueHeads = KeyValueHeads, DHead = HeadWidth, Scale = 1 / Math.Sqrt(HeadWidth), Rotary = rotary }
        : throw new ConfigException(Hub.Source, ["num_attention_heads", "num_key_value_heads"], $"num_attention_heads {Heads} is not a multiple of num_key_value_heads {KeyValueHeads}.");

    /// <summary>A gated MLP without biases.</summary>
    public GatedMlpConfig GatedMlp() => new(MlpWidth, Hub.Activation("hidden_act", "silu"));

    /// <summary>The whole model.</summary>
    /// <param name="architecture">The class name.</param>
    /// <param name="finalNorm">The norm before the unembedding.</param>
    /// <param name="tied">Whether embedding and unembedding are tied when the config does not say.</param>
    /// <param name="block">The block of each layer.</param>
    public ModelConfig Model(string architecture, NormConfig finalNorm, bool tied, Func<int, BlockConfig> block) => new()
    {
        Architecture = architecture,
        DModel = Width,
        DVocab = Hub.Size("vocab_size"),
        NCtx = Hub.Size("max_position_embeddings"),
        FinalNorm = finalNorm,
        TiedEmbeddings = Hub.Flag("tie_word_embeddings", tied),
        Blocks = [.. Enumerable.Range(0, Layers).Select(block)],
    };
}
