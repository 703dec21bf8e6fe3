using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fathom.Hub.Storage;

/// <summary>Computes a content's name while it streams: SHA-256 for large files, git's blob SHA-1 for the others.</summary>
internal sealed class BlobHash : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <summary>Begins a hash.</summary>
    /// <param name="etag">The expected name, whose length tells the kind.</param>
    /// <param name="length">The content's length, which git hashes first.</param>
    public BlobHash(string etag, long length)
    {
        var isGit = etag.Length == 40;
        _hash = IncrementalHash.CreateHash(isGit ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (isGit)
        {
            _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {length}\0")));
        }
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>The name of what was appended, in lower-case hexadecimal; the hash then begins anew without git's prefix.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Whether a file's content has that name.</summary>
    public static bool Matches(string file, string etag)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
        using var hash = new BlobHash(etag, stream.Length);
        hash.AppendAll(stream);
        return hash.Finish() == etag;
    }

    /// <summary>Appends the rest of a stream and tells how much that was.</summary>
    public long AppendAll(Stream stream)
    {
        var buffer = new byte[256 << 10];
        long total = 0;
        for (int read; (read = stream.Read(buffer)) > 0; total += read)
        {
            Append(buffer.AsSpan(0, read));
        }

        return total;
    }

    public void Dispose() => _hash.Dispose();
}
