namespace Fathom.Hooks;

/// <summary>Thrown when a hook name or pattern matches no point of the model.</summary>
public sealed class UnknownHookException : ArgumentException
{
    internal UnknownHookException(string name, IReadOnlyList<string> known)
        : base($"No hook point matches '{name}'.{NearestNames.Clause(name, known)} This model has {known.Count} points, such as '{known[0]}' and '{known[^1]}'; HookPoints lists them.")
    {
        Name = name;
        Suggestions = NearestNames.To(name, known);
    }

    /// <summary>What was asked for.</summary>
    public string Name { get; }

    /// <summary>The nearest names that exist, nearest first.</summary>
    public IReadOnlyList<string> Suggestions { get; }
}
