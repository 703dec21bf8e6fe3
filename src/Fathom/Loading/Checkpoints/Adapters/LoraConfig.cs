using System.Text.Json;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Adapters;

/// <summary>The settings of a LoRA adapter. A setting that is neither honoured nor known to leave the numbers alone is refused.</summary>
public sealed class LoraConfig
{
    private const int LargestFile = 1 << 20, LargestRank = 1 << 16;

    /// <summary>Settings that matter while training, or that the tensors' names say better.</summary>
    private static readonly string[] Inert =
    [
        "auto_mapping", "base_model_name_or_path", "bias", "inference_mode", "init_lora_weights", "lora_dropout", "modules_to_save", "peft_type", "revision", "target_modules", "task_type", "peft_version",
        "layers_to_transform", "layers_pattern", "exclude_modules", "runtime_config", "loftq_config", "ensure_weight_tying", "target_parameters", "arrow_config", "qalora_group_size",
    ];

    private LoraConfig()
    {
    }

    /// <summary>The model the adapter was trained on, or null when it is not named.</summary>
    public string? BaseModel { get; private init; }

    /// <summary>The rank of modules that no pattern names.</summary>
    public int Rank { get; private init; }

    /// <summary>α of modules that no pattern names.</summary>
    public double Alpha { get; private init; }

    /// <summary>True when the scaling is α / √r.</summary>
    public bool IsRankStabilized { get; private init; }

    /// <summary>True when the result keeps separate row lengths (DoRA).</summary>
    public bool IsDora { get; private init; }

    /// <summary>True when the base model stores its matrices <c>[in, out]</c>.</summary>
    public bool FanInFanOut { get; private init; }

    private IReadOnlyDictionary<string, double> RankPattern { get; init; } = new Dictionary<string, double>();

    private IReadOnlyDictionary<string, double> AlphaPattern { get; init; } = new Dictionary<string, double>();

    /// <summary>The rank and the factor of one module.</summary>
    internal (int Rank, double Scaling) Of(string module)
    {
        var rank = (int)Match(RankPattern, module, Rank);
        var alpha = Match(AlphaPattern, module, Alpha);
        return (rank, alpha / (IsRankStabilized ? Math.Sqrt(rank) : rank));
    }

    /// <summary>Reads adapter_config.json.</summary>
    internal static LoraConfig Read(ByteSource source)
    {
        if (source.Length > LargestFile)
        {
            throw source.Invalid($"an adapter config of {source.Length} bytes is over the cap of {LargestFile}.");
        }

        try
        {
            using var json = JsonDocument.Parse(source.Read(0, (int)source.Length), new() { MaxDepth = 16, AllowDuplicateProperties = false });
            return Read(source, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw source.Invalid($"this is no adapter config as PEFT writes it: {e.Message}", e);
        }
    }

    private static LoraConfig Read(ByteSource source, JsonElement root)
    {
        var method = root.GetProperty("peft_type").GetString();
        if (method != "LORA")
        {
            throw source.Invalid($"the adapter's peft_type is '{method}'; only LORA is read. Merge it with PEFT and load the merged model.");
        }

        HashSet<string> read = new(Inert, StringComparer.Ordinal);
        LoraConfig config = new()
        {
            BaseModel = root.TryGetProperty("base_model_name_or_path", out var name) ? name.GetString() : null,
            Rank = Take("r").GetInt32(),
            Alpha = Take("lora_alpha").GetDouble(),
            IsRankStabilized = Flag("use_rslora"),
            IsDora = Flag("use_dora"),
            FanInFanOut = Flag("fan_in_fan_out"),
            RankPattern = Pattern("rank_pattern"),
            AlphaPattern = Pattern("alpha_pattern"),
        };
        if (config.Rank is < 1 or > LargestRank || !double.IsFinite(config.Alpha) || config.RankPattern.Values.Any(r => r < 1 || r > LargestRank || r != Math.Floor(r)))
        {
            throw source.Invalid($"r is {config.Rank} and lora_alpha {config.Alpha}; ranks are integers from 1 to {LargestRank}, alpha is finite.");
        }

        // PEFT adds a setting with each release; one that is off changes nothing.
        List<string> unread = [.. root.EnumerateObject().Where(p => !read.Contains(p.Name) && !IsOff(p.Value)).Select(p => $"{p.Name}={p.Value}")];
        return unread.Count == 0 ? config : throw source.Invalid($"settings that are not honoured: {string.Join(", ", unread)}. Ignoring them could change the results.");

        JsonElement Take(string key)
        {
            read.Add(key);
            return root.GetProperty(key);
        }

        bool Flag(string key)
        {
            read.Add(key);
            return root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();
        }

        Dictionary<string, double> Pattern(string key)
        {
            read.Add(key);
            return !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null
                ? []
                : value.EnumerateObject().ToDictionary(p => Plain(source, p.Name), p => p.Value.GetDouble(), StringComparer.Ordinal);
        }
    }

    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    /// <summary>PEFT matches patterns as regular expressions; only plain module names are taken, which match the same either way.</summary>
    private static string Plain(ByteSource source, string pattern) => pattern.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
        ? pattern
        : throw source.Invalid($"the pattern '{pattern}' is a regular expression, which is not read; plain module names are.");

    private static double Match(IReadOnlyDictionary<string, double> pattern, string module, double otherwise) =>
        pattern.FirstOrDefault(p => module == p.Key || module.EndsWith("." + p.Key, StringComparison.Ordinal)) is { Key: not null } found ? found.Value : otherwise;
}
