using System.Security.Cryptography;
using Fathom.Loading.Checkpoints;

namespace Fathom.Tests.Loading.Checkpoints;

/// <summary>What a reader returned, in a form that can be compared: read without any tensor.</summary>
internal static class Dump
{
    /// <summary>The dense bytes of one tensor in the type it is read as.</summary>
    public static byte[] Values(FileCheckpoint checkpoint, StoredTensor tensor)
    {
        var bytes = new byte[checked((int)tensor.Count * tensor.Type.ReadBytes)];
        checkpoint.ReadValues(tensor, 0, bytes);
        return bytes;
    }

    /// <summary>Name, type, shape and hash of every tensor that can be read; a list-only tensor has no hash.</summary>
    public static Dictionary<string, string> Of(FileCheckpoint checkpoint) => checkpoint.Tensors.Values.ToDictionary(
        t => t.Name,
        t => $"{t.Type.Label} [{string.Join(",", t.Shape)}] {(t.Type.ReadAs is null ? "" : Hash(Values(checkpoint, t)))}");

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
