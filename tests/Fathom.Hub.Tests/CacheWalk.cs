using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>Walks a cache as the page on its layout describes it, and knows nothing of the code that wrote it.</summary>
internal static class CacheWalk
{
    /// <summary>Fails if anything under a final name is not whole and right, or lies where the layout has no place for it.</summary>
    /// <param name="cache">The cache's folder.</param>
    /// <param name="repository">What the hub holds.</param>
    /// <param name="links">Whether snapshots must link to blobs.</param>
    public static void AssertRight(string cache, FakeRepository repository, bool links = true)
    {
        var root = Path.Combine(cache, "models--" + repository.Id.Replace("/", "--", StringComparison.Ordinal));
        if (!Directory.Exists(root))
        {
            return;
        }

        Assert.All(Directory.GetFileSystemEntries(root), e => Assert.True(Path.GetFileName(e) is "blobs" or "refs" or "snapshots" or ".no_exist" or "trees" || Path.GetFileName(e).EndsWith(".tmp", StringComparison.Ordinal), e));
        foreach (var blob in Files(root, "blobs"))
        {
            var name = Path.GetFileName(blob);
            if (name.EndsWith(".incomplete", StringComparison.Ordinal))
            {
                Assert.Matches(@"\A[0-9a-f]{40}(?:[0-9a-f]{24})?\.[0-9a-f]{8}\.incomplete\z", name);
                continue;
            }

            Assert.Null(new FileInfo(blob).LinkTarget);
            Assert.Contains(repository.Files, f => f.Etag == name && f.Bytes.AsSpan().SequenceEqual(File.ReadAllBytes(blob)));
        }

        foreach (var entry in Files(root, "snapshots"))
        {
            var parts = Path.GetRelativePath(Path.Combine(root, "snapshots"), entry).Split(Path.DirectorySeparatorChar, 2);
            Assert.Equal(repository.Commit, parts[0]);
            var file = repository.File(parts[1].Replace('\\', '/'));
            Assert.NotNull(file);
            Assert.Equal(file.Bytes, File.ReadAllBytes(entry));
            Assert.Equal(links ? string.Concat(Enumerable.Repeat("../", 2 + parts[1].Count(c => c is '/' or '\\'))) + "blobs/" + file.Etag : null, new FileInfo(entry).LinkTarget?.Replace('\\', '/'));
        }

        foreach (var reference in Files(root, "refs"))
        {
            Assert.Equal(repository.Commit, File.ReadAllText(reference));
        }

        var locks = Path.Combine(cache, ".locks", Path.GetFileName(root));
        Assert.All(Directory.Exists(locks) ? Directory.GetFiles(locks) : [], l => Assert.Matches(@"\A[0-9a-f]{40}(?:[0-9a-f]{24})?\.lock\z", Path.GetFileName(l)));
    }

    private static IEnumerable<string> Files(string root, string folder) =>
        Directory.Exists(Path.Combine(root, folder)) ? Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories) : [];
}
