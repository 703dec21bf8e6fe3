using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The text model of a Gemma 3 that also sees images (4B and up, MedGemma): <see cref="Gemma3"/> under another prefix, its config in a section. The image tower is left out.</summary>
/// <remarks>Source: Gemma Team 2025 (arXiv:2503.19786). On texts the whole model computes exactly this.</remarks>
public sealed class Gemma3Multimodal : LlamaLike
{
    /// <summary>What the published configs leave out of <c>text_config</c>: the defaults of the reference's class.</summary>
    private const string Defaults =
        """
        {"vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "max_position_embeddings": 131072}
        """;

    private static readonly Gemma3 Text = new();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Gemma3ForConditionalGeneration"];

    /// <inheritdoc/>
    public override string Family => "Gemma 3 with images";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["vision_tower.*", "multi_modal_projector.*"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["hidden_act", "cache_implementation", "vision_config", "boi_token_index", "eoi_token_index", "image_token_index", "image_token_id", "mm_tokens_per_image", "boi_token_id", "eoi_token_id"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. Text.Weights(config).Select(rule => rule with
        {
            Theirs = $"language_model.{rule.Theirs}",
            Otherwise = [rule.Theirs.StartsWith(BasePrefix, StringComparison.Ordinal) ? $"{BasePrefix}language_model.{rule.Theirs[BasePrefix.Length..]}" : rule.Theirs],
        }),
    ];

    /// <inheritdoc/>
    internal override JsonElement? ConfigOfPart(JsonElement config)
    {
        JsonObject part = new() { ["architectures"] = new JsonArray(Text.Ids[0]), ["model_type"] = "gemma3_text" };
        string[] shared = ["dtype", "torch_dtype", "tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id"];
        var outer = config.EnumerateObject().Where(p => shared.Contains(p.Name)).Select(p => (p.Name, p.Value));
        var defaults = JsonDocument.Parse(Defaults).RootElement.EnumerateObject().Select(p => (p.Name, p.Value));
        foreach (var (name, value) in config.GetProperty("text_config").EnumerateObject().Select(p => (p.Name, p.Value)).Concat(outer).Concat(defaults).Where(p => !part.ContainsKey(p.Name)))
        {
            part[name] = JsonNode.Parse(value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(part);
    }

    /// <inheritdoc/>
    internal override string NameInPart(string name) => name.Replace("language_model.", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var text = hub.Section("text_config", Defaults) ?? throw new ConfigException(hub.Source, ["text_config"], "the key 'text_config' is missing; the text model of a Gemma 3 with images is described there.");
        return Gemma3.Read(text, Ids[0]) with { TiedEmbeddings = text.Flag("tie_word_embeddings", hub.Flag("tie_word_embeddings", true)) };
    }
}
