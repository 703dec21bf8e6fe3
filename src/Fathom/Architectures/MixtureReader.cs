using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Reads the settings of a mixture of experts, whose keys have several spellings.</summary>
/// <param name="Hub">The config.</param>
internal sealed record MixtureReader(HubConfig Hub)
{
    private static readonly string[] CountKeys = ["num_local_experts", "num_experts", "n_routed_experts"];

    /// <summary>The number of experts when the config does not say.</summary>
    public int? ExpertsIfAbsent { get; init; }

    /// <summary>The number of experts a token goes to when the config does not say.</summary>
    public int? ChosenIfAbsent { get; init; }

    /// <summary>The key of the number of experts a token goes to.</summary>
    public string ChosenKey { get; init; } = "num_experts_per_tok";

    /// <summary>The number of experts.</summary>
    /// <exception cref="ConfigException">Two spellings of the key disagree.</exception>
    public int Experts
    {
        get
        {
            var keys = CountKeys.Where(Hub.Has).ToList();
            var counts = keys.Select(k => Hub.Size(k)).Distinct().ToList();
            return counts.Count > 1
                ? throw new ConfigException(Hub.Source, keys, $"{string.Join(" and ", keys.Select(k => $"'{k}' is {Hub.Size(k)}"))}; they mean the same number.")
                : counts.Count == 1 ? counts[0] : Hub.Size(CountKeys[0], ExpertsIfAbsent);
        }
    }

    /// <summary>The number of experts a token goes to.</summary>
    /// <exception cref="ConfigException">It is more than there are.</exception>
    public int Chosen => Hub.Size(ChosenKey, ChosenIfAbsent) is var chosen && chosen <= Experts
        ? chosen
        : throw new ConfigException(Hub.Source, [ChosenKey], $"'{ChosenKey}' is {chosen}; there are {Experts} experts to choose from.");

    /// <summary>Reads a number that is one for all layers or a list with one for each.</summary>
    /// <param name="key">The key.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="ifAbsent">The number when the config does not say.</param>
    /// <param name="most">The largest number that is possible.</param>
    /// <exception cref="ConfigException">The list has another length, or a number is out of range.</exception>
    public IReadOnlyList<int> PerLayer(string key, int layers, int ifAbsent, int most)
    {
        var listed = Listed(key) ?? [.. Enumerable.Repeat(ifAbsent, layers)];
        listed = listed.Count == 1 ? [.. Enumerable.Repeat(listed[0], layers)] : listed;
        return listed.Count == layers && listed.All(n => n >= 1 && n <= most)
            ? listed
            : throw new ConfigException(Hub.Source, [key], $"'{key}' is {string.Join(", ", listed.Take(6))}; it holds one number from 1 to {most} for all {layers} layers, or one for each.");
    }

    /// <summary>Refuses a number, or a list with one for each layer, that is not what is implemented.</summary>
    /// <exception cref="ConfigException">A number is another one.</exception>
    public void RequireAll(string key, int value)
    {
        if (Listed(key)?.FirstOrDefault(n => n != value, value) is { } other && other != value)
        {
            throw new ConfigException(Hub.Source, [key], $"'{key}' holds {other}; only {value} is implemented for this family.");
        }
    }

    private IReadOnlyList<int>? Listed(string key) => Hub.Raw(key) is not { } raw ? null : raw.ValueKind == System.Text.Json.JsonValueKind.Array ? Hub.Counts(key) : [Hub.Count(key)];

    /// <summary>Groups as DeepSeek writes them.</summary>
    /// <param name="best">The number of a group's best scores that rank it.</param>
    /// <exception cref="ConfigException">Groups do not divide the experts, or keep too few of them.</exception>
    public ExpertGroups? Groups(int best)
    {
        var (count, kept) = (Hub.Size("n_group", 1), Hub.Size("topk_group", 1));
        if (count == 1)
        {
            return null;
        }

        return Experts % count == 0 && kept <= count && Experts / count >= best && Experts / count * kept >= Chosen
            ? new(count, kept, best)
            : throw new ConfigException(Hub.Source, ["n_group", "topk_group"], $"{Experts} experts in 'n_group' {count} groups of which 'topk_group' {kept} are kept cannot give {Chosen} to each token.");
    }

    /// <summary>The sigmoid router of DeepSeek-V3 and its kin.</summary>
    /// <param name="renormalized">Whether weights are divided by their sum when the config does not say.</param>
    /// <param name="factor">The factor on weights when the config does not say.</param>
    public SigmoidRouter Sigmoid(bool renormalized, double factor = 1) =>
        new(Chosen, Hub.Flag("norm_topk_prob", renormalized), Hub.Number("routed_scaling_factor", factor), Groups(best: 2));

    /// <summary>Experts of the width <c>moe_intermediate_size</c>, with <c>n_shared_experts</c> of them joined to one that all tokens use.</summary>
    /// <param name="router">The router.</param>
    public MixtureOfExpertsConfig WithShared(RouterConfig router)
    {
        var width = Hub.Size("moe_intermediate_size");
        var activation = Hub.Activation("hidden_act", "silu");
        return new(width, Experts, activation, router) { Shared = Hub.Count("n_shared_experts", 0) is > 0 and var shared ? new(shared * width, activation) : null };
    }

    /// <summary>Qwen's rule for which layers have experts: all but those that <c>mlp_only_layers</c> names, of every <c>decoder_sparse_step</c>-th.</summary>
    public Func<int, bool> SparseInQwen()
    {
        var (dense, step) = (Hub.Counts("mlp_only_layers") ?? [], Hub.Size("decoder_sparse_step", 1));
        return layer => !dense.Contains(layer) && (layer + 1) % step == 0;
    }
}
