namespace Fathom.Configuration;

/// <summary>Limits the choice of experts to the best groups of neighbours.</summary>
/// <param name="Count">The number of groups; experts are split evenly, in order.</param>
/// <param name="Kept">The number of groups an expert may be chosen from.</param>
/// <param name="Best">The number of a group's best scores whose sum ranks it.</param>
public sealed record ExpertGroups(int Count, int Kept, int Best);
