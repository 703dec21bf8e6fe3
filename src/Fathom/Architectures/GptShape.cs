using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>What minGPT and nanoGPT share: the sizes in their words and the names of their tensors.</summary>
internal static class GptShape
{
    private const string Layer = "transformer.h.{i}.";

    /// <summary>The rows of the weight table. Rows without a tensor are biases that the file leaves out.</summary>
    public static IReadOnlyList<WeightRule> Tensors() =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        new("pos_embed.W_pos", "transformer.wpe.weight"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Layer}attn.c_attn.weight", "(qkv head d_head) d_model -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{Layer}attn.c_attn.bias", "(qkv head d_head) -> qkv head d_head"),
        .. DecoderTensors.Output($"{Layer}attn.c_proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}ln_2"),
        .. DecoderTensors.PlainMlp($"{Layer}mlp.c_fc", $"{Layer}mlp.c_proj", bias: true),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
    ];

    /// <summary>Reads the config.</summary>
    /// <param name="hub">Keys <c>n_layer</c>, <c>n_head</c>, <c>n_embd</c>, <c>vocab_size</c>, <c>block_size</c>, <c>bias</c>.</param>
    /// <param name="architecture">The class name.</param>
    /// <param name="activation">The nonlinearity, unless <c>activation_function</c> says another.</param>
    /// <param name="tied">Whether embedding and unembedding are one.</param>
    /// <exception cref="ConfigException">A key is missing, or heads do not divide the width.</exception>
    public static ModelConfig Read(HubConfig hub, string architecture, Activation activation, bool tied)
    {
        var (width, heads) = (hub.Size("n_embd"), hub.Size("n_head"));
        if (width % heads != 0)
        {
            throw new ConfigException(hub.Source, ["n_embd", "n_head"], $"n_embd {width} is not a multiple of n_head {heads}.");
        }

        var bias = hub.Flag("bias", true);
        LayerNormConfig norm = new(1e-5, Bias: bias);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = heads, DHead = width / heads, Scale = 1 / Math.Sqrt(width / heads), QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(4 * width, hub.Has("activation_function") ? hub.Activation("activation_function") : activation, bias),
        };
        return new()
        {
            Architecture = architecture,
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("block_size"),
            Positions = new LearnedPositions(),
            FinalNorm = norm,
            TiedEmbeddings = tied,
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layer"))],
        };
    }
}
