namespace Fathom.Hub;

/// <summary>Where a checkpoint's weights are.</summary>
/// <param name="Value">Steps or tokens of training.</param>
/// <param name="Unit"><c>step</c> or <c>token</c>.</param>
/// <param name="Position">The place in the run's list, 0 the earliest.</param>
/// <param name="Revision">The revision to fetch; null is <c>main</c>.</param>
/// <param name="File">The weights' file in that revision; null when it is the usual one.</param>
public sealed record SavedCheckpoint(long Value, string Unit, int Position, string? Revision, string? File);
