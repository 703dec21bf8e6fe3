namespace Fathom.Patching.Planning;

/// <summary>Patches that go through the layers together.</summary>
/// <param name="Patches">The patches.</param>
/// <param name="Rows">The rows alive at the end.</param>
internal sealed record PatchGroup(IReadOnlyList<PlannedPatch> Patches, long Rows);
