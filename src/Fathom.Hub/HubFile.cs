namespace Fathom.Hub;

/// <summary>A file of a snapshot on this machine.</summary>
/// <param name="Path">Its name in the repository, with <c>/</c> between folders.</param>
/// <param name="LocalPath">Where to open it.</param>
/// <param name="Bytes">Its length.</param>
public sealed record HubFile(string Path, string LocalPath, long Bytes);
