using System.Security.Cryptography;
using System.Text;

namespace Fathom.Hub.Tests.Fakes;

/// <summary>A repository of the fake hub with one commit.</summary>
internal sealed record FakeRepository(string Id, params FakeFile[] Files)
{
    public string Commit { get; init; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Id)));

    public IReadOnlyList<string> Revisions { get; init; } = ["main"];

    /// <summary>The token that it asks for; null is public.</summary>
    public string? Token { get; init; }

    public bool IsGated { get; init; }

    /// <summary>The name under which it answers now; null if it has not moved.</summary>
    public string? MovedTo { get; init; }

    public bool Knows(string revision) => revision == Commit || Revisions.Contains(revision);

    public FakeFile? File(string path) => Array.Find(Files, f => f.Path == path);
}
