namespace Fathom.Hub.Tests;

/// <summary>Lays out a cache as Python's client would, so that tests need no download.</summary>
internal sealed class CacheBuilder(string cache, string repoFolder, string commit)
{
    public string Root { get; } = System.IO.Path.Combine(cache, repoFolder);

    public CacheBuilder Ref(string revision)
    {
        Write($"refs/{revision}", commit);
        return this;
    }

    public CacheBuilder Linked(string path, string text, string etag)
    {
        Write($"blobs/{etag}", text);
        return Link(path, string.Concat(Enumerable.Repeat("../", path.Count(c => c == '/') + 2)) + $"blobs/{etag}");
    }

    public CacheBuilder Link(string path, string target)
    {
        var link = System.IO.Path.Combine(Root, "snapshots", commit, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
        return this;
    }

    public CacheBuilder Plain(string path, string text)
    {
        Write($"snapshots/{commit}/{path}", text);
        return this;
    }

    public void Write(string relative, string text)
    {
        var file = System.IO.Path.Combine(Root, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
