using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Loading.Checkpoints.Numpy;
using Fathom.Loading.Checkpoints.Safetensors;
using Fathom.Loading.Checkpoints.Torch;

namespace Fathom.Loading.Checkpoints;

/// <summary>Chooses the reader of a path. A known extension decides, else the content; a reader never hands a file on to another.</summary>
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
            ".npz" => new NpzFile(FileSource.Open(path)),
            ".bin" or ".pt" or ".pth" or ".ckpt" => TorchFile.Open(FileSource.Open(path)),
            _ => OpenByContent(path),
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

    /// <summary>A file whose name says nothing, such as a blob of the hub cache.</summary>
    private static Checkpoint OpenByContent(string path)
    {
        var source = FileSource.Open(path);
        try
        {
            return source.Read(0, (int)Math.Min(source.Length, 9)) switch
            {
                [_, _, _, _, _, _, _, _, (byte)'{'] => new SafetensorsFile(source),
                [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => GgufCheckpoint.Open([source]),
                [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, ..] => TorchFile.Open(source),
                _ => throw source.Invalid($"neither the extension '{Path.GetExtension(path)}' nor the content names a checkpoint format; the file looks like {FileKind.Describe(source)}."),
            };
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The file of a model folder: a name that Hugging Face tools write, else the only file of the best format present.</summary>
    private static string FindIn(string folder)
    {
        string[] preferred = ["model.safetensors", "model.safetensors" + IndexSuffix, "pytorch_model.bin", "pytorch_model.bin" + IndexSuffix];
        if (preferred.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } found)
        {
            return found;
        }

        List<string> files = [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        if (files.Contains("adapter_config.json"))
        {
            throw new InvalidCheckpointException(folder, "the folder holds a LoRA adapter, not a model. Open the base model, then the adapter with LoraAdapter.Open.");
        }

        string[][] formats = [[".safetensors"], [".pt", ".pth", ".bin", ".ckpt"], [".gguf"], [".npz"]];
        foreach (var extensions in formats)
        {
            List<string> candidates = [.. files.Where(f => extensions.Contains(Path.GetExtension(f)) && !IsLaterPart(f))];
            if (candidates.Count > 1 && candidates.Where(f => f.EndsWith("final.pth", StringComparison.Ordinal)).ToList() is [var last])
            {
                // The toy models of TransformerLens: the end of training lies beside earlier moments.
                return Path.Combine(folder, last);
            }

            if (candidates.Count > 0)
            {
                return candidates.Count == 1 ? Path.Combine(folder, candidates[0]) : throw new InvalidCheckpointException(
                    folder, $"the folder holds several checkpoints and none under a standard name; open one of them by its path: {string.Join(", ", candidates.Take(20))}.");
            }
        }

        throw new InvalidCheckpointException(folder, $"the folder holds no {string.Join(", ", preferred)} or other checkpoint. It holds: {string.Join(", ", files.Take(20).DefaultIfEmpty("nothing"))}.");
    }

    /// <summary>Part 2 and on of a split GGUF model: part 1 stands for all.</summary>
    private static bool IsLaterPart(string file) => file.EndsWith(".gguf", StringComparison.Ordinal) && file.Contains("-of-", StringComparison.Ordinal) && !file.Contains("-00001-of-", StringComparison.Ordinal);
}
