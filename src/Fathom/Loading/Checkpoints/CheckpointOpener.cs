using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Loading.Checkpoints;

/// <summary>Chooses the reader of a path. The extension decides, and a reader never hands a file on to another.</summary>
internal static class CheckpointOpener
{
    private const string IndexSuffix = ".index.json";

    /// <summary>Opens a file or folder.</summary>
    public static Checkpoint Open(string path) => Directory.Exists(path) ? OpenFile(FindIn(path)) : OpenFile(path);

    private static Checkpoint OpenFile(string path)
    {
        if (path.EndsWith(IndexSuffix, StringComparison.Ordinal))
        {
            using var json = FileSource.Open(path);
            return new ShardedCheckpoint(path, ShardIndex.Read(json, Path.GetExtension(path[..^IndexSuffix.Length])), OpenFile);
        }

        return Path.GetExtension(path) switch
        {
            ".safetensors" => new SafetensorsFile(FileSource.Open(path)),
            ".gguf" => OpenGguf(path),
            _ => throw Unknown(path),
        };
    }

    private static GgufCheckpoint OpenGguf(string path)
    {
        List<ByteSource> parts = [];
        try
        {
            parts.AddRange(GgufSplit.Parts(path).Select(FileSource.Open));
        }
        catch
        {
            parts.ForEach(p => p.Dispose());
            throw;
        }

        return GgufCheckpoint.Open(parts);
    }

    private static InvalidCheckpointException Unknown(string path)
    {
        using var source = FileSource.Open(path);
        return source.Invalid($"the extension '{Path.GetExtension(path)}' names no checkpoint format; the file looks like {FileKind.Describe(source)}.");
    }

    private static string FindIn(string folder)
    {
        string[] preferred = ["model.safetensors", "model.safetensors" + IndexSuffix];
        if (preferred.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } found)
        {
            return found;
        }

        var files = Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        string[] single = [.. files.Where(f => f!.EndsWith(".safetensors", StringComparison.Ordinal))!];
        return single.Length == 1 ? Path.Combine(folder, single[0]) : throw new InvalidCheckpointException(folder,
            $"the folder holds no {string.Join(" or ", preferred)}. It holds: {string.Join(", ", files.Take(20).DefaultIfEmpty("nothing"))}.");
    }
}
