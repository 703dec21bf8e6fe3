namespace Fathom.Hub;

/// <summary>A file that a download would bring.</summary>
/// <param name="Path">Its name in the repository.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsHere">Whether this machine has it already.</param>
public sealed record PlannedFile(string Path, long Bytes, bool IsHere);
