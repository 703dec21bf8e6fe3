namespace Fathom.Hub;

/// <summary>Thrown when a repository id, a revision or a file's name breaks the rules that keep it inside its folder.</summary>
public sealed class InvalidHubNameException : HubException
{
    internal InvalidHubNameException(string kind, string name, string fault, string advice)
        : base($"The {kind} {Quoted.Text(name)} has {fault}. {advice}")
    {
        Kind = kind;
        Name = name;
        Fault = fault;
    }

    /// <summary>What was named: <c>repository id</c>, <c>revision</c> or <c>file name</c>.</summary>
    public string Kind { get; }

    /// <summary>The name as it was given.</summary>
    public string Name { get; }

    /// <summary>What the name has that it must not have.</summary>
    public string Fault { get; }
}
