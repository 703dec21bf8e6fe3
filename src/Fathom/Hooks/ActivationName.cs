using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Hooks;

/// <summary>The field's short forms of activation names: <c>q3</c>, <c>resid_pre 5</c>, <c>scale4ln1</c>, and <c>("q", 3)</c>.</summary>
public static partial class ActivationName
{
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["attn"] = "pattern", ["attn_logits"] = "attn_scores", ["key"] = "k", ["query"] = "q", ["value"] = "v",
        ["mlp_pre"] = "pre", ["mlp_mid"] = "mid", ["mlp_post"] = "post",
    };

    private static readonly HashSet<string> AttentionNames = ["k", "v", "q", "z", "rot_k", "rot_q", "result", "pattern", "attn_scores"];
    private static readonly HashSet<string> MlpNames = ["pre", "post", "mid", "pre_linear", "router_logits", "router_weights", "expert_weights", "expert_indices"];

    /// <summary>Builds a full name from parts: <c>Of("q", 3)</c> is <c>blocks.3.attn.hook_q</c>.</summary>
    /// <param name="name">The short name, e.g. <c>q</c>, <c>resid_pre</c>, <c>scale</c>.</param>
    /// <param name="layer">The block, or <see langword="null"/> outside blocks.</param>
    /// <param name="part">The component, e.g. <c>ln1</c>, <c>mlp</c>; found from the name where that is possible.</param>
    public static string Of(string name, int? layer = null, string? part = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('.', StringComparison.Ordinal) || (name.StartsWith("hook_", StringComparison.Ordinal) && layer is null))
        {
            return name;
        }

        name = name.StartsWith("hook_", StringComparison.Ordinal) ? name["hook_".Length..] : name;
        name = Synonyms.GetValueOrDefault(name, name);
        part = part switch { "a" or "attention" => "attn", "m" => "mlp", "b" or "block" or "blocks" => null, _ => part };
        part = AttentionNames.Contains(name) ? "attn" : MlpNames.Contains(name) ? "mlp" : part;
        if (layer is null && name is "scale" or "normalized" && part is null)
        {
            part = "ln_final";
        }

        var block = layer is { } l ? string.Create(CultureInfo.InvariantCulture, $"blocks.{l}.") : "";
        return $"{block}{(part is null ? "" : $"{part}.")}hook_{name}";
    }

    /// <summary>Expands a compact short form (<c>q3</c>, <c>scale4ln1</c>, <c>k6a</c>); other names come back unchanged.</summary>
    /// <param name="name">A full name, a glob or a short form.</param>
    public static string Expand(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ShortForm().Match(name) is { Success: true } m
            ? Of(m.Groups[1].Value, int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture), m.Groups[3].Value is { Length: > 0 } part ? part : null)
            : name;
    }

    [GeneratedRegex("^([a-z_]+?)_?([0-9]+)(ln1_post|ln2_post|ln1|ln2|attn|mlp|a|m|b)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ShortForm();
}
