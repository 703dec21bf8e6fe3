using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Architectures;

/// <summary>Reads rotary settings in both spellings: one dictionary <c>rope_parameters</c> (with one dictionary per kind of layer in some families), or <c>rope_theta</c>, <c>rope_scaling</c> and a partial factor side by side.</summary>
/// <remarks>A setting inside the dictionary comes before one beside it, and that before the family's default.</remarks>
/// <param name="Hub">The config.</param>
/// <param name="HeadWidth">The width of the part of a head that positions could turn.</param>
internal sealed record RotaryReader(HubConfig Hub, int HeadWidth)
{
    private static readonly string[] Known = ["default", "linear", "dynamic", "yarn", "longrope", "llama3", "proportional"];

    /// <summary>The family's base of the frequency ladder when the config names none.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>The key of the base, beside the dictionary.</summary>
    public string ThetaKey { get; init; } = "rope_theta";

    /// <summary>The share of a head that turns when the config names none.</summary>
    public double Partial { get; init; } = 1;

    /// <summary>The key of that share, beside the dictionary; <see langword="null"/> where the family has none.</summary>
    public string? PartialKey { get; init; }

    /// <summary>The key of the scaling's dictionary in the old spelling; <see langword="null"/> where it does not concern these layers.</summary>
    public string? ScalingKey { get; init; } = "rope_scaling";

    /// <summary>The family's scaling when the config says nothing about it.</summary>
    public RotaryScaling? ScalingIfAbsent { get; init; }

    /// <summary>Whether pairs are neighbours.</summary>
    public bool AdjacentPairs { get; init; }

    /// <summary>Whether <c>dynamic</c> with <c>alpha</c> means a base that is multiplied once and does not depend on length (HunYuan).</summary>
    public bool HasAlpha { get; init; }

    /// <summary>Whether <c>longrope</c> multiplies cosines and sines by <c>short_mscale</c> and <c>long_mscale</c> (PhiMoE).</summary>
    public bool HasMscale { get; init; }

    /// <summary>Reads.</summary>
    /// <param name="layerType">The kind of layer, for families whose dictionary holds one dictionary per kind.</param>
    /// <exception cref="ConfigException">A setting is missing, wrong or not implemented.</exception>
    public RotaryConfig Read(string? layerType = null)
    {
        var flat = Hub.Section("rope_parameters");
        var own = layerType is not null && flat is not null && flat.Has(layerType) ? flat.Section(layerType) : null;
        if (own is not null)
        {
            // Some files repeat the settings beside the per-layer dictionaries, which alone are used.
            flat!.Inert([.. flat.Keys.Where(k => flat.Raw(k) is { ValueKind: not System.Text.Json.JsonValueKind.Object })]);
        }

        var section = own ?? flat;
        var theta = Positive(section, "rope_theta") ?? Positive(Hub, ThetaKey) ?? Theta;
        var share = Positive(section, "partial_rotary_factor") ?? (PartialKey is null ? null : Positive(Hub, PartialKey)) ?? Partial;
        var dim = (int)(HeadWidth * share);
        RotaryConfig plain = new() { Dim = dim, Theta = theta, AdjacentPairs = AdjacentPairs };
        var scaling = own ?? (ScalingKey is null ? null : flat ?? Hub.Section(ScalingKey));
        if (scaling is null)
        {
            var isAbsent = ScalingKey is not null && !Hub.Keys.Contains("rope_parameters") && !Hub.Keys.Contains(ScalingKey);
            return Checked(isAbsent ? plain with { Scaling = ScalingIfAbsent } : plain, share);
        }

        return Kind(scaling) switch
        {
            "default" => Checked(plain, share),
            "linear" => Checked(plain with { Scaling = new LinearScaling(Factor(scaling)) }, share),
            "dynamic" when HasAlpha && Positive(scaling, "alpha") is { } alpha => Alpha(plain, scaling, alpha),
            "dynamic" => Checked(plain with { Scaling = new DynamicScaling(Factor(scaling), Context) }, share),
            "llama3" => Checked(plain with { Scaling = new Llama3Scaling(Factor(scaling), scaling.Number("low_freq_factor"), scaling.Number("high_freq_factor"), scaling.Size("original_max_position_embeddings")) }, share),
            "yarn" => Checked(plain with { Scaling = Yarn(scaling) }, share),
            "longrope" or "su" => Checked(plain with { Scaling = LongRope(scaling, dim) }, share),
            "proportional" => plain with { Dim = HeadWidth, Scaling = new ProportionalScaling((int)(share * HeadWidth / 2)) },
            var other => throw new ConfigException(Hub.Source, [scaling.Full("rope_type")], $"'{scaling.Full("rope_type")}' is '{other}', which is not known.{NearestNames.Clause(other, Known)} Known are {string.Join(", ", Known)}."),
        };
    }

    private int Context => Hub.Size("max_position_embeddings");

    private static string Kind(HubConfig scaling)
    {
        var (now, before) = (scaling.Text("rope_type", ""), scaling.Text("type", ""));
        return now.Length > 0 && before.Length > 0 && now != before
            ? throw new ConfigException(scaling.Source, [$"{scaling.Name}.rope_type", $"{scaling.Name}.type"], $"'{scaling.Name}' names two different kinds: rope_type is '{now}' and type is '{before}'. Remove the wrong one.")
            : now.Length > 0 ? now : before.Length > 0 ? before : "default";
    }

    private static double? Positive(HubConfig? hub, string key) => hub is null || !hub.Has(key) ? null : hub.Number(key) is > 0 and var n
        ? n
        : throw new ConfigException(hub.Source, [hub.Full(key)], $"'{hub.Full(key)}' is {hub.Number(key)}; it must be a positive number.");

    private static double Factor(HubConfig scaling) => scaling.Number("factor") is >= 1 and var factor
        ? factor
        : throw new ConfigException(scaling.Source, [scaling.Full("factor")], $"'{scaling.Full("factor")}' is {scaling.Number("factor")}; it must be at least 1.");

    private RotaryConfig Alpha(RotaryConfig plain, HubConfig scaling, double alpha)
    {
        scaling.Inert("factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim");
        return Checked(plain with { Theta = plain.Theta * Math.Pow(alpha, HeadWidth / (HeadWidth - 2.0)) }, 1);
    }

    private YarnScaling Yarn(HubConfig scaling)
    {
        var original = scaling.Size("original_max_position_embeddings", Context);
        var factor = scaling.Has("factor") ? Factor(scaling) : (double)Context / original;
        double Magnitude(double scale) => factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;
        var (scale, scaleAll) = (scaling.Number("mscale", 0), scaling.Number("mscale_all_dim", 0));
        var attention = Positive(scaling, "attention_factor") ?? (scale != 0 && scaleAll != 0 ? Magnitude(scale) / Magnitude(scaleAll) : Magnitude(1));
        return new(factor, original, scaling.Number("beta_fast", 32), scaling.Number("beta_slow", 1), attention, scaling.Flag("truncate", true));
    }

    private LongRopeScaling LongRope(HubConfig scaling, int dim)
    {
        var inner = scaling.Size("original_max_position_embeddings", Context);
        var original = Hub.Size("original_max_position_embeddings", inner);
        var stretch = scaling.Has("factor") && !Hub.Has("original_max_position_embeddings") ? scaling.Number("factor") : (double)Context / original;
        var attention = Positive(scaling, "attention_factor") ?? (stretch <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(stretch) / Math.Log(original))));
        var (brief, lengthy) = HasMscale ? (Positive(scaling, "short_mscale") ?? attention, Positive(scaling, "long_mscale") ?? attention) : (attention, attention);
        return new(Divisors(scaling, "short_factor", dim), Divisors(scaling, "long_factor", dim), original, brief, lengthy);
    }

    private static IReadOnlyList<double> Divisors(HubConfig scaling, string key, int dim)
    {
        var divisors = scaling.Numbers(key) ?? throw new ConfigException(scaling.Source, [scaling.Full(key)], $"'{scaling.Full(key)}' is missing; longrope needs one divisor per pair of lanes, {dim / 2} numbers.");
        return divisors.Count == (dim + 1) / 2 && divisors.All(d => d > 0)
            ? divisors
            : throw new ConfigException(scaling.Source, [scaling.Full(key)], $"'{scaling.Full(key)}' has {divisors.Count} numbers; longrope needs {(dim + 1) / 2} positive ones, one per pair of lanes that turns.");
    }

    private RotaryConfig Checked(RotaryConfig rotary, double share) => rotary.Dim >= 1 && share <= 1 && (HeadWidth % 2 == 0 || share < 1)
        ? rotary
        : throw new ConfigException(Hub.Source, [], share is > 0 and < 1 || share > 1
            ? $"a share of {share} of a head's {HeadWidth} lanes cannot turn; partial_rotary_factor lies above 0 and is at most 1."
            : $"a head is {HeadWidth} lanes wide; rotary positions turn pairs of lanes and need an even number.");
}
