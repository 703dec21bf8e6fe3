using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Rotary frequencies: base, scaling rule, and the factor tensors that stand for rules the metadata cannot express.</summary>
internal static class GgufRotary
{
    private const string Llama3Factors = "rope_freqs.weight", LongFactors = "rope_factors_long.weight", ShortFactors = "rope_factors_short.weight";

    /// <summary>True for tensors of frequency factors, which become config entries instead of weights.</summary>
    public static bool IsFactorTensor(string name) => name is Llama3Factors or LongFactors or ShortFactors;

    /// <summary>Unscaled rotary positions.</summary>
    public static JsonObject Plain(double theta) => new() { ["rope_theta"] = GgufHyperparameters.Shortest(theta), ["rope_type"] = "default" };

    /// <summary>The rope_parameters of a config.</summary>
    /// <param name="h">The metadata.</param>
    /// <param name="thetaIfAbsent">The family's base, for writers that leave it out.</param>
    /// <param name="partial">True where the family rotates part of a head; other families must rotate all of it.</param>
    public static JsonObject Parameters(GgufHyperparameters h, double thetaIfAbsent = 10_000, bool partial = false)
    {
        var rope = Plain(h.Positive("rope.freq_base", thetaIfAbsent));
        var rotated = h.Has("rope.dimension_count") ? h.Count("rope.dimension_count", 1 << 16) : h.DHead;
        if (partial)
        {
            rope["partial_rotary_factor"] = (double)rotated / h.DHead;
        }
        else if (rotated != h.DHead)
        {
            throw h.Invalid($"{h.Architecture}.rope.dimension_count is {rotated}, but the whole head of {h.DHead} is rotated in this family.");
        }

        Scale(h, rope, rotated);
        return rope;
    }

    /// <summary>What a user should know about the frequencies.</summary>
    public static IReadOnlyList<string> Notices(GgufHyperparameters h, JsonObject config)
    {
        // Llama 3.1 and later stretch their context by a rule that only a tensor of factors can carry. Conversions made
        // before llama.cpp wrote that tensor look complete and answer wrongly beyond 8,192 tokens.
        var scaled = config["rope_parameters"]?["rope_type"]?.GetValue<string>() is { } type && type != "default";
        return h.Architecture == "llama" && !scaled && h.Context > 8_192 && h.Positive("rope.freq_base", 10_000) == 500_000
            ? [$"{Llama3Factors} is missing although base 500000 and a context of {h.Context} mark a Llama 3.1 model: frequencies are not scaled, so long prompts may be wrong. Use a newer conversion."]
            : [];
    }

    private static void Scale(GgufHyperparameters h, JsonObject rope, int rotated)
    {
        var type = h.Text("rope.scaling.type") ?? (h.Has("rope.scale_linear") ? "linear" : "none");
        if (h.HasTensor(Llama3Factors))
        {
            rope["rope_type"] = "llama3";
            GgufLlama3Rule.Write(h, rope, h.Values(Llama3Factors), rotated);
            return;
        }

        if (h.HasTensor(LongFactors))
        {
            rope["rope_type"] = "longrope";
            rope["long_factor"] = Array(h.Values(LongFactors));
            rope["short_factor"] = Array(h.Values(ShortFactors));
            if (h.Number("rope.scaling.attn_factor") is { } attention)
            {
                rope["attention_factor"] = GgufHyperparameters.Shortest(attention);
            }

            return;
        }

        switch (type)
        {
            case "none":
                return;
            case "linear":
                rope["rope_type"] = "linear";
                rope["factor"] = GgufHyperparameters.Shortest(h.Positive("rope.scaling.factor", h.Number("rope.scale_linear")));
                return;
            case "yarn":
                rope["rope_type"] = "yarn";
                rope["factor"] = GgufHyperparameters.Shortest(h.Positive("rope.scaling.factor"));
                rope["original_max_position_embeddings"] = h.Count("rope.scaling.original_context_length", 1 << 24);
                Optional("rope.scaling.attn_factor", "attention_factor");
                Optional("rope.scaling.yarn_beta_fast", "beta_fast");
                Optional("rope.scaling.yarn_beta_slow", "beta_slow");
                return;
            default:
                throw h.Invalid($"{h.Architecture}.rope.scaling.type is '{type}'; none, linear and yarn are read, longrope and llama3 with their factor tensors.");
        }

        void Optional(string key, string name)
        {
            if (h.Number(key) is { } value)
            {
                rope[name] = GgufHyperparameters.Shortest(value);
            }
        }
    }

    private static JsonArray Array(float[] values) => [.. values.Select(v => GgufHyperparameters.Shortest(v))];
}
