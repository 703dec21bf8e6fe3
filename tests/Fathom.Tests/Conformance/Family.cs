using System.Text.Json;
using Fathom.Architectures;
using Fathom.Configuration;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Quantized;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>A family's fixture: a tiny checkpoint with golden values. What is run on it is the same for all.</summary>
internal static class Family
{
    /// <summary>TransformerLens's own models, in its names and layout. Their golden values are its dump of the unprocessed model.</summary>
    public static IReadOnlyList<string> Toys { get; } = ["shortformer-2l", "solu-ln-2l"];

    /// <summary>Ids whose checkpoints are made by a test, out of another fixture's weights, and what it finds.</summary>
    public static IReadOnlyDictionary<string, string> MadeByTests { get; } = new Dictionary<string, string>
    {
        ["Gemma3ForConditionalGeneration"] = "the same bits as gemma3",
        ["QWenLMHeadModel"] = "logits of qwen2 with a key for each query head",
        ["GPT2LMHeadCustomModel"] = "logits of gpt-bigcode with the same weights",
        ["neel-solu-old"] = "the same bits as solu-ln-2l",
        ["mingpt"] = "logits of gpt2 with the same weights",
        ["nanogpt"] = "logits of gpt2 with the same weights",
    };

    /// <summary>Every fixture of a decoder that the catalogue has.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Of(ModelKind.Decoder), .. Toys];

    /// <summary>Every fixture of an encoder that the catalogue has.</summary>
    public static IReadOnlyList<string> Encoders { get; } = Of(ModelKind.Encoder);

    /// <summary>Every fixture of an encoder-decoder that the catalogue has.</summary>
    public static IReadOnlyList<string> EncoderDecoders { get; } = Of(ModelKind.EncoderDecoder);

    /// <summary>The decoders as theory data.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>Decoders and encoders as theory data: what is one stack of blocks.</summary>
    public static TheoryData<string> Stacks => [.. Names, .. Encoders];

    /// <summary>The class name in the fixture's config.</summary>
    public static string ClassOf(string name) => Catalogue.Named(ConfigFile.Read(Path.Combine(Folder(name), "config.json")))!;

    /// <summary>The fixture's folder.</summary>
    public static string Folder(string name) => Fixture.Folder($"{(Toys.Contains(name) ? "toys" : "families")}/{name}");

    /// <summary>The golden values.</summary>
    public static Checkpoint Golden(string name) => Checkpoint.Open(Path.Combine(Folder(name), Toys.Contains(name) ? "unprocessed.safetensors" : "golden.safetensors"));

    /// <summary>Loads a decoder or an encoder.</summary>
    public static StackedModel LoadStack(string name, bool hubSpelling = false, LoadOptions? options = null) =>
        Encoders.Contains(name) ? LoadEncoder(name, hubSpelling, options) : Load(name, hubSpelling, options);

    /// <summary>Loads an encoder.</summary>
    public static HookedEncoder LoadEncoder(string name, bool hubSpelling = false, LoadOptions? options = null) =>
        With(name, hubSpelling, options, (architecture, config, checkpoint, o) => ModelLoader.LoadEncoder(architecture, config, checkpoint, o).Model);

    /// <summary>Loads an encoder-decoder.</summary>
    public static HookedEncoderDecoder LoadEncoderDecoder(string name, bool hubSpelling = false, LoadOptions? options = null) =>
        With(name, hubSpelling, options, (architecture, config, checkpoint, o) => EncoderDecoderLoader.Load(architecture, config, checkpoint, o).Model);

    /// <summary>Loads the model as the reference saves it, or as the hub spells config and tensors.</summary>
    public static HookedTransformer Load(string name, bool hubSpelling = false, LoadOptions? options = null) =>
        With(name, hubSpelling, options, (architecture, config, checkpoint, o) => ModelLoader.Load(architecture, config, checkpoint, o).Model);

    /// <summary>Whether the fixture has the hub's spelling too.</summary>
    public static bool HasHubSpelling(string name) => File.Exists(Path.Combine(Folder(name), "config.hub.json"));

    /// <summary>The token ids of the golden run, <c>[batch, pos]</c>.</summary>
    public static Tensor Ids(string name)
    {
        using var golden = Golden(name);
        var ids = golden.Read("input_ids");
        torch.CurrentDisposeScope?.Attach(ids);
        return ids;
    }

    /// <summary>What the fixture's config builds.</summary>
    public static ModelConfig Config(string name)
    {
        var path = Path.Combine(Folder(name), "config.json");
        var json = ConfigFile.Read(path);
        return Catalogue.Of(json, path).ReadConfig(json, path);
    }

    /// <summary>The reference's own noise: the largest difference of its logits between fp32 and fp64.</summary>
    public static double NoiseFloor(string name)
    {
        if (Toys.Contains(name))
        {
            return 0;
        }

        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(name), "golden.json")));
        return facts.RootElement.TryGetProperty("max_fp32_minus_fp64", out var noise) && noise.ValueKind == JsonValueKind.Number ? noise.GetDouble() : 0;
    }

    /// <summary>What is accepted: 1e-4, or ten times the reference's own noise where that is more (Mamba, whose stream reaches 200, and whose reference is 4e-4 from its own fp64 values there).</summary>
    public static double Tolerance(string name) => Math.Max(1e-4, 10 * NoiseFloor(name));

    /// <summary>Whether padding changes real tokens in the reference itself, by its own account: its left-padded logits are then the golden values, and no law.</summary>
    public static bool PaddingLeaks(string name)
    {
        if (Toys.Contains(name))
        {
            return false;
        }

        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(name), "golden.json")));
        return facts.RootElement.TryGetProperty("left_padded", out var padded) && padded.ValueKind == JsonValueKind.Object
            && padded.TryGetProperty("max_diff_from_unpadded", out var leak) && leak.ValueKind == JsonValueKind.Number && leak.GetDouble() > 1e-3;
    }

    private static IReadOnlyList<string> Of(ModelKind kind) => [.. Fixture.Names("families").Where(n => Catalogue.Find(ClassOf(n))?.Kind == kind)];

    private static TModel With<TModel>(string name, bool hubSpelling, LoadOptions? options, Func<Architecture, ModelConfig, Checkpoint, LoadOptions, TModel> load)
    {
        var config = Path.Combine(Folder(name), hubSpelling ? "config.hub.json" : "config.json");
        var weights = Path.Combine(Folder(name), "model.hub.safetensors");
        weights = hubSpelling && File.Exists(weights) ? weights : Path.Combine(Folder(name), "model.safetensors");
        var json = ConfigFile.Read(config);
        var packing = json.TryGetProperty("quantization_config", out var settings) ? settings : (JsonElement?)null;
        json = ConfigFile.Parse(JsonSerializer.SerializeToUtf8Bytes(json.EnumerateObject().Where(p => p.Name != "quantization_config").ToDictionary(p => p.Name, p => p.Value)), config);
        var architecture = Catalogue.Of(json, config);
        using var checkpoint = QuantizedCheckpoint.Wrap(Checkpoint.Open(weights), packing);
        return load(architecture, architecture.ReadConfig(json, config), checkpoint, options ?? new() { Processing = Processing.None });
    }
}
