using System.Text;
using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Configuration;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>A config that was translated from a GGUF file has its rotary settings in one dictionary, <c>rope_parameters</c>, which versions of transformers before 5 pass over in silence: they would turn by another base. The keys of old are understood by all.</summary>
internal static class RotarySpelling
{
    private const string Dictionary = "rope_parameters";

    /// <summary>The same origin with the old keys, where they say the same.</summary>
    /// <param name="origin">The model's files.</param>
    /// <param name="architecture">Its family.</param>
    /// <param name="config">What the model was built from.</param>
    public static ModelOrigin Older(ModelOrigin origin, Architecture architecture, ModelConfig config)
    {
        if (origin.Folder is not null || Rewritten(origin.ConfigJson) is not { } older)
        {
            return origin;
        }

        try
        {
            var read = architecture.ReadConfig(ConfigFile.Parse(Encoding.UTF8.GetBytes(older), origin.ConfigSource), origin.ConfigSource);
            var isSame = read with { Blocks = config.Blocks } == config && read.Blocks.SequenceEqual(config.Blocks);
            return isSame ? origin with { ConfigJson = older } : origin;
        }
        catch (ConfigException)
        {
            // The family has other keys of old; the dictionary stays, and a note says so.
            return origin;
        }
    }

    /// <summary>Whether a translated config still needs a reader of the dictionary.</summary>
    public static bool NeedsVersion5(ModelOrigin origin) => origin.Folder is null && JsonNode.Parse(origin.ConfigJson)?[Dictionary] is JsonObject;

    private static string? Rewritten(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject config || config[Dictionary] is not JsonObject rotary || rotary["rope_theta"] is not { } theta
            || rotary.Any(p => p.Value is JsonObject) || rotary.ContainsKey("partial_rotary_factor"))
        {
            return null;
        }

        config.Remove(Dictionary);
        rotary.Remove("rope_theta");
        config["rope_theta"] = theta;
        if (rotary["rope_type"]?.ToString() is not (null or "default"))
        {
            config["rope_scaling"] = rotary;
        }

        return config.ToJsonString();
    }
}
