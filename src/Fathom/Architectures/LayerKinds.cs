using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Which layers look through a window and which see everything, from the config's list or from the family's rule.</summary>
internal static class LayerKinds
{
    /// <summary>The word for a layer that sees everything.</summary>
    public const string Full = "full_attention";

    /// <summary>The word for a layer that looks through a window.</summary>
    public const string Sliding = "sliding_attention";

    /// <summary>Reads <c>layer_types</c>.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="otherwise">The family's rule for files without the list.</param>
    /// <param name="known">The words the family has.</param>
    /// <returns>One word per layer.</returns>
    /// <exception cref="ConfigException">The list is too short, too long, or holds a word the family does not have.</exception>
    public static IReadOnlyList<string> Read(HubConfig hub, int layers, Func<int, string> otherwise, params string[] known)
    {
        if (hub.Texts("layer_types") is not { } listed)
        {
            return [.. Enumerable.Range(0, layers).Select(otherwise)];
        }

        known = known.Length > 0 ? known : [Full, Sliding];
        return listed.Count != layers
            ? throw new ConfigException(hub.Source, ["layer_types"], $"'layer_types' names {listed.Count} layers; the model has {layers}.")
            : listed.FirstOrDefault(t => !known.Contains(t)) is { } other
            ? throw new ConfigException(hub.Source, ["layer_types"], $"'layer_types' holds '{other}'; this family has {string.Join(" and ", known)}.")
            : listed;
    }

    /// <summary>The rule "sliding, but every <paramref name="pattern"/>-th layer sees everything".</summary>
    public static Func<int, string> FullEvery(int pattern) => layer => (layer + 1) % pattern == 0 ? Full : Sliding;

    /// <summary>Reads the number of keys a sliding layer sees; null in the file means no window, which is not the same as absent.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="ifAbsent">What the family assumes when the key is absent; <see langword="null"/> for no window.</param>
    /// <param name="key">The key.</param>
    public static int? Window(HubConfig hub, int? ifAbsent = null, string key = "sliding_window") =>
        hub.IsNull(key) ? null : hub.Has(key) ? hub.Size(key) : ifAbsent;

    /// <summary>Gives the last <c>num_kv_shared_layers</c> layers the keys and values of the last layer of their kind before them.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="kinds">The kind of each layer.</param>
    /// <param name="attention">The attention of each layer, with keys of its own.</param>
    /// <param name="ifAbsent">The number of such layers when the config does not say.</param>
    /// <exception cref="ConfigException">No layer before them has keys, or none of their kind.</exception>
    public static IReadOnlyList<AttentionConfig> ShareKeys(HubConfig hub, IReadOnlyList<string> kinds, Func<int, AttentionConfig> attention, int ifAbsent)
    {
        var own = kinds.Count - hub.Count("num_kv_shared_layers", ifAbsent);
        int?[] from = [.. kinds.Select((kind, i) => i < own ? (int?)null : kinds.Take(Math.Max(0, own)).ToList().LastIndexOf(kind))];
        return own > kinds.Count || from.Contains(-1)
            ? throw new ConfigException(hub.Source, ["num_kv_shared_layers"], $"'num_kv_shared_layers' is {kinds.Count - own} of {kinds.Count} layers; before them there must be a layer of each of their kinds, whose keys they read.")
            : [.. kinds.Select((_, i) => attention(i) with { KeysFrom = from[i], LendsKeys = from.Contains(i) })];
    }

    /// <summary>Qwen's windows: on the layers that <c>layer_types</c> names, else from <c>max_window_layers</c> on; none at all unless <c>use_sliding_window</c> is set, whatever number the file keeps.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="layers">The number of layers.</param>
    /// <returns>The number of keys each layer sees; <see langword="null"/> for all.</returns>
    public static IReadOnlyList<int?> QwenWindows(HubConfig hub, int layers)
    {
        var slides = hub.Flag("use_sliding_window", false);
        if (!slides)
        {
            hub.Inert("sliding_window");
        }

        var window = slides ? Window(hub, ifAbsent: 4096) : null;
        var from = hub.Count("max_window_layers", 28);
        return [.. Read(hub, layers, i => window is not null && i >= from ? Sliding : Full).Select(kind => kind == Sliding ? window : null)];
    }

    /// <summary>Which layers have rotary positions: <c>no_rope_layers</c> holds 1 for those that do (not for those that do not), else every <c>no_rope_layer_interval</c>-th has none.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="layers">The number of layers.</param>
    /// <exception cref="ConfigException">The list has another length, or holds something else than 0 and 1.</exception>
    public static IReadOnlyList<bool> WithRotary(HubConfig hub, int layers)
    {
        var interval = hub.Size("no_rope_layer_interval", 4);
        var listed = hub.Counts("no_rope_layers") is { Count: > 0 } given ? given : [.. Enumerable.Range(1, layers).Select(i => i % interval == 0 ? 0 : 1)];
        return listed.Count == layers && listed.All(n => n is 0 or 1)
            ? [.. listed.Select(n => n == 1)]
            : throw new ConfigException(hub.Source, ["no_rope_layers"], $"'no_rope_layers' has {listed.Count} entries; it holds one 0 (no positions) or 1 for each of the {layers} layers.");
    }
}
