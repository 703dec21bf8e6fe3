using System.Text.Json;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-Neo: GPT-2 with unscaled scores and windows on alternating layers.</summary>
/// <remarks>Source: Black et al. 2021, "GPT-Neo: Large Scale Autoregressive Language Modeling with Mesh-Tensorflow".</remarks>
public sealed class GptNeo : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPTNeoForCausalLM", "GPTNeoModel"];

    /// <inheritdoc/>
    public override string Family => "GPT-Neo";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.attention.bias", ".attn.attention.masked_bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["resid_dropout"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        new("pos_embed.W_pos", "transformer.wpe.weight"),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        .. DecoderTensors.Separate($"{Layer}attn.attention.", bias: false),
        .. DecoderTensors.Output($"{Layer}attn.attention.out_proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}ln_2"),
        .. DecoderTensors.PlainMlp($"{Layer}mlp.c_fc", $"{Layer}mlp.c_proj", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, heads, layers) = (hub.Size("hidden_size"), hub.Size("num_heads"), hub.Size("num_layers"));
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        PlainMlpConfig mlp = new(hub.Size("intermediate_size", 4 * width), hub.Activation("activation_function", "gelu_new"), Bias: true);
        var window = hub.Size("window_size", 256);
        var kinds = Kinds(hub, layers);
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings", 2048),
            Positions = new LearnedPositions(),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. kinds.Select(kind => new BlockConfig
            {
                Ln1 = norm,
                Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = heads, DHead = width / heads, Scale = 1, OutputBias = true, Window = kind == "local" ? window : null },
                Ln2 = norm,
                Mlp = mlp,
            })],
        };
    }

    /// <summary>"global" or "local" for each layer: listed one by one, or as patterns with a number of repeats.</summary>
    private static IReadOnlyList<string> Kinds(HubConfig hub, int layers)
    {
        var listed = hub.Texts("attention_layers");
        var repeated = hub.Raw("attention_types") is { } types ? Repeated(types) : listed ?? [.. Enumerable.Range(0, layers).Select(i => i % 2 == 0 ? "global" : "local")];
        var kinds = listed ?? repeated;
        return kinds.Count == layers && kinds.All(k => k is "global" or "local") && repeated.SequenceEqual(kinds)
            ? kinds
            : throw new ConfigException(hub.Source, ["attention_layers", "attention_types"], $"'attention_layers' and 'attention_types' must each name 'global' or 'local' for each of the {layers} layers, and agree; found {kinds.Count} names in one and {repeated.Count} in the other.");
    }

    private static List<string> Repeated(JsonElement types)
    {
        List<string> kinds = [];
        foreach (var entry in types.ValueKind == JsonValueKind.Array ? [.. types.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            if (entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2 && entry[0].ValueKind == JsonValueKind.Array && entry[1].TryGetInt32(out var times) && times is > 0 and < 1000)
            {
                kinds.AddRange(Enumerable.Range(0, times).SelectMany(_ => entry[0].EnumerateArray().Select(k => k.ToString())));
            }
        }

        return kinds;
    }
}
