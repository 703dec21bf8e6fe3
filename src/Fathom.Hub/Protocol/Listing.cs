namespace Fathom.Hub.Protocol;

/// <summary>A repository's files at one commit.</summary>
/// <param name="RepoId">The name under which the hub has the repository now.</param>
/// <param name="Commit">The commit: 40 hexadecimal digits.</param>
/// <param name="Files">Its files.</param>
internal sealed record Listing(string RepoId, string Commit, IReadOnlyList<RemoteFile> Files);
