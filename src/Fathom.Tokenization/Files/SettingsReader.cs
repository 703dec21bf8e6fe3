using System.Collections.Immutable;
using System.Text.Json;

namespace Fathom.Tokenization.Files;

/// <summary>Reads <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>added_tokens.json</c>, <c>generation_config.json</c> and chat template files.</summary>
/// <remarks>
/// These files belong to many programs at once, so keys that say nothing about tokens are passed over; <c>docs/tokenizers.md</c> lists
/// the ones that are read. <c>tokenizer_config.json</c> goes before <c>special_tokens_map.json</c>.
/// </remarks>
internal static class SettingsReader
{
    private static readonly string[] Names = ["bos_token", "eos_token", "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];

    /// <summary>Reads what a folder has of these files.</summary>
    public static TokenizerSettings Read(string folder)
    {
        var config = Load(folder, "tokenizer_config.json");
        var map = Load(folder, "special_tokens_map.json");
        var tokens = ImmutableDictionary<string, string>.Empty;
        foreach (var name in Names)
        {
            if ((Token(config, name) ?? Token(map, name)) is { } token)
            {
                tokens = tokens.Add(name, token);
            }
        }

        return new TokenizerSettings
        {
            BosToken = tokens.GetValueOrDefault("bos_token"),
            EosToken = tokens.GetValueOrDefault("eos_token"),
            PadToken = tokens.GetValueOrDefault("pad_token"),
            UnkToken = tokens.GetValueOrDefault("unk_token"),
            SpecialTokens = tokens,
            ChatTemplates = ReadTemplates(folder, config),
            AddedTokens = [.. ReadAdded(config), .. ReadAddedFile(Load(folder, "added_tokens.json"))],
            AddBosToken = config.FlagOrNull("add_bos_token"),
            AddEosToken = config.FlagOrNull("add_eos_token"),
            TokenizerClass = config.TextOrNull("tokenizer_class"),
            ModelMaxLength = config.NumberOrNull("model_max_length") is { } length && length is > 0 and < int.MaxValue ? (int)length : null,
            StopIds = ReadStops(Load(folder, "generation_config.json")),
            AddPrefixSpace = config.FlagOrNull("add_prefix_space") ?? false,
            DoLowerCase = config.FlagOrNull("do_lower_case") ?? true,
            StripAccents = config.FlagOrNull("strip_accents"),
            Legacy = config.FlagOrNull("legacy") ?? true,
            ExtraIds = config.CountOrNull("extra_ids") ?? 100,
            TokenizeChineseChars = config.FlagOrNull("tokenize_chinese_chars") ?? true,
        };
    }

    private static JsonPart Load(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return new JsonPart(path, "$", []);
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new JsonPart(path, "$", document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new TokenizerFormatException(path, "JSON", error.Message, error);
        }
    }

    // "<s>", or an object with flags.
    private static string? Token(JsonPart part, string key) => part.Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } => part.Part(key).Text("content"),
        _ => part.Text(key),
    };

    private static IEnumerable<AddedToken> ReadAdded(JsonPart config)
    {
        if (config.PartOrNull("added_tokens_decoder") is not { } decoder)
        {
            yield break;
        }

        foreach (var key in decoder.Keys)
        {
            if (!int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var id) || id < 0)
            {
                throw decoder.Error($"the key \"{key}\" is no id.");
            }

            yield return TokenizerJson.ReadAddedToken(decoder.Part(key), id, complete: false);
        }
    }

    private static IEnumerable<AddedToken> ReadAddedFile(JsonPart file) => file.Keys.Select(content => new AddedToken(file.Count(content), content));

    private static ImmutableArray<int> ReadStops(JsonPart config) => config.Find("eos_token_id") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out _)) => [.. list.EnumerateArray().Select(id => id.GetInt32())],
        _ => [config.Count("eos_token_id")],
    };

    private static ImmutableDictionary<string, string> ReadTemplates(string folder, JsonPart config)
    {
        var templates = ImmutableDictionary<string, string>.Empty;
        if (config.Find("chat_template") is { ValueKind: JsonValueKind.Array })
        {
            foreach (var part in config.Parts("chat_template"))
            {
                templates = templates.SetItem(part.Text("name"), part.Text("template"));
            }
        }
        else if (config.TextOrNull("chat_template") is { } template)
        {
            templates = templates.SetItem("default", template);
        }

        // A file of its own goes before the configuration.
        if (Load(folder, "chat_template.json").TextOrNull("chat_template") is { } old)
        {
            templates = templates.SetItem("default", old);
        }

        var path = Path.Combine(folder, "chat_template.jinja");
        return File.Exists(path) ? templates.SetItem("default", File.ReadAllText(path)) : templates;
    }
}
