namespace Fathom.Hooks;

/// <summary>Thrown when a hook name or pattern matches no point of the model.</summary>
public sealed class UnknownHookException : ArgumentException
{
    internal UnknownHookException(string name, IReadOnlyList<string> known)
        : base($"No hook point matches '{name}'.{Experts(name, known)}{NearestNames.Clause(name, known)} This model has {known.Count} points, such as '{known[0]}' and '{known[^1]}'; HookPoints lists them.")
    {
        Name = name;
        Suggestions = NearestNames.To(name, known);
    }

    /// <summary>Says where the neurons are, for a part that has none of its own because each of its experts has.</summary>
    private static string Experts(string name, IReadOnlyList<string> known)
    {
        var full = ActivationName.Expand(name);
        var part = full.LastIndexOf('.') is > 0 and var dot ? full[..dot] : "";
        var first = $"{part}.experts.0.";
        var points = known.Where(k => part.Length > 0 && k.StartsWith(first, StringComparison.Ordinal)).Select(k => k[first.Length..]).ToList();
        return points.Count == 0 ? "" : $" '{part}' is a mixture of experts: neurons are those of its experts, at '{part}.experts.{{e}}.' {string.Join(", ", points)}.";
    }

    /// <summary>What was asked for.</summary>
    public string Name { get; }

    /// <summary>The nearest names that exist, nearest first.</summary>
    public IReadOnlyList<string> Suggestions { get; }
}
