using Fathom.Architectures;
using Fathom.Components;

namespace Fathom.Loading.Saving;

/// <summary>The names and layouts that TransformerLens' state dicts give weights: ours, but for grouped keys and values and for experts.</summary>
internal static class StateDictNames
{
    /// <summary>What was done to the weights of a state dict that does not say.</summary>
    public const string UnknownProcessing = "unknown (state dict)";

    private static readonly string[] Grouped = ["attn.W_K", "attn.W_V", "attn.b_K", "attn.b_V"];

    /// <summary>What state dicts hold that is no weight: masks and tables.</summary>
    public static IReadOnlyList<string> Buffers { get; } = ["attn.mask", "attn.IGNORE", "attn.rotary_sin", "attn.rotary_cos"];

    /// <summary>The forms in which a file may hold a weight; the first is written.</summary>
    /// <param name="weight">The weight.</param>
    public static IReadOnlyList<WeightRule> FormsOf(Weight weight)
    {
        WeightRule own = new(weight.Name, weight.Name);
        return Other(weight) is { } other ? [other, own] : [own];
    }

    private static WeightRule? Other(Weight weight)
    {
        var cut = weight.Name.LastIndexOf('.');
        var (place, last) = (weight.Name[..Math.Max(cut, 0)], weight.Name[(cut + 1)..]);
        if (Grouped.Any(g => weight.Name.EndsWith("." + g, StringComparison.Ordinal)))
        {
            var sizes = weight.KnownSizes;
            return sizes.TryGetValue("head", out var heads) && weight.Axes.Names[0] == "kv_head" && heads != weight.Shape[0] ? new(weight.Name, $"{place}._{last}") : null;
        }

        if (!place.EndsWith(".mlp", StringComparison.Ordinal))
        {
            return null;
        }

        return (last, string.Join(' ', weight.Axes.Names)) switch
        {
            ("W_router", _) => new(weight.Name, $"{place}.W_gate.weight", "expert d_model -> d_model expert"),
            ("b_router", _) => new(weight.Name, $"{place}.W_gate.bias"),
            ("W_gate" or "W_in", "expert d_model d_mlp") => new(weight.Name, $"{place}.experts.{{e}}.{last}.weight", "expert d_mlp d_model -> expert d_model d_mlp"),
            ("W_out", "expert d_mlp d_model") => new(weight.Name, $"{place}.experts.{{e}}.{last}.weight", "expert d_model d_mlp -> expert d_mlp d_model"),
            ("b_gate" or "b_in", "expert d_mlp") or ("b_out", "expert d_model") => new(weight.Name, $"{place}.experts.{{e}}.W_{last[2..]}.bias"),
            _ => null,
        };
    }
}
