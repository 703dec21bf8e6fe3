using System.Security.Cryptography;
using System.Text;

namespace Fathom.Hub.Tests.Fakes;

/// <summary>A file of the fake hub; large files live on its second server, as on the real hub.</summary>
internal sealed record FakeFile(string Path, byte[] Bytes, bool IsLarge)
{
    public string Etag { get; } = IsLarge ? Convert.ToHexStringLower(SHA256.HashData(Bytes)) : GitHash(Bytes);

    public static FakeFile Text(string path, string text) => new(path, Encoding.UTF8.GetBytes(text), false);

    public static FakeFile Random(string path, int length, int seed, bool isLarge = true)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return new FakeFile(path, bytes, isLarge);
    }

    private static string GitHash(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
}
