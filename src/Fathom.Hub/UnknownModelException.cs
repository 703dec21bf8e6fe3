namespace Fathom.Hub;

/// <summary>Thrown when a name is neither official, nor an alias, nor of the form <c>owner/name</c>.</summary>
public sealed class UnknownModelException : HubException
{
    internal UnknownModelException(string name, IReadOnlyList<string> nearest)
        : base($"'{name}' is not a model that Fathom knows by name."
            + (nearest.Count > 0 ? $" Did you mean {string.Join(", ", nearest)}?" : " 'fathom models list' shows the known names.")
            + " Any other model goes by its hub id (owner/name) or by the path of its folder (./folder).")
    {
        Name = name;
        Nearest = nearest;
    }

    /// <summary>The name that was typed.</summary>
    public string Name { get; }

    /// <summary>Known names like it, the likeliest first.</summary>
    public IReadOnlyList<string> Nearest { get; }
}
