namespace Fathom.Configuration;

/// <summary>How the experts of a token are chosen and weighed. Closed: one record for each order of scoring, choosing and normalizing that families use.</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
public abstract record RouterConfig(int Chosen)
{
    /// <summary>Whether the router has a bias (GPT-OSS).</summary>
    public bool Bias { get; init; }
}
