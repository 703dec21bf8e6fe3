namespace Fathom.Configuration;

/// <summary>Norms of queries and keys.</summary>
/// <param name="Norm">The norm.</param>
/// <param name="Scope">What is normalized together, and how many gains there are.</param>
/// <param name="AfterRotary">Whether the norm follows the rotation.</param>
public sealed record QueryKeyNormConfig(NormConfig Norm, QueryKeyNormScope Scope, bool AfterRotary = false);
