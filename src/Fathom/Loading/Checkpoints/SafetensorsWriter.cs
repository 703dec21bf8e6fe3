using System.Buffers.Binary;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Loading.Checkpoints;

/// <summary>Writes safetensors files that any reader of the format accepts. The same tensors give the same bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>The default size limit of one shard, 5 GB.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes one file. The data order is that of the reference writer: widest types first, then by name.</summary>
    /// <param name="path">Replaced in one step at the end, so that a reader never sees half a file.</param>
    /// <param name="tensors">What to write; each is opened once, one at a time.</param>
    /// <param name="metadata">Text pairs for <c>__metadata__</c>, written in ordinal order of their keys.</param>
    /// <exception cref="ArgumentException">A name is given twice or is not Unicode, or a type has no safetensors label.</exception>
    public static void Write(string path, IEnumerable<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = SafetensorsLayout.Order(tensors);
        var header = SafetensorsLayout.Header(ordered, metadata ?? new Dictionary<string, string>());
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in ordered)
            {
                TensorBytes.CopyTo(tensor, stream);
            }
        });
    }

    /// <summary>Writes one file from tensors in memory.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{TensorToWrite}, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, tensors.Select(p => TensorToWrite.From(p.Key, p.Value)), metadata);
    }

    /// <summary>
    /// Writes <c>model.safetensors</c>, or, where the tensors exceed <paramref name="shardBytes"/>, numbered shards and
    /// <c>model.safetensors.index.json</c>. Shards are filled in the order given; a tensor is never split.
    /// </summary>
    /// <param name="folder">An existing folder. Files of an earlier save under these names are replaced.</param>
    /// <param name="tensors">What to write; each is opened once, one at a time.</param>
    /// <param name="metadata">Text pairs for every shard.</param>
    /// <param name="shardBytes">The most tensor bytes in one file, unless one tensor alone exceeds it.</param>
    /// <returns>The file names written.</returns>
    /// <exception cref="ArgumentException">A name is given twice or is not Unicode, or a type has no safetensors label.</exception>
    public static IReadOnlyList<string> WriteFolder(
        string folder, IEnumerable<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null, long shardBytes = DefaultShardBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        var all = tensors.ToList();
        _ = SafetensorsLayout.Order(all); // A name given twice must fail here: two shards would hide it.
        var shards = SafetensorsLayout.Split(all, shardBytes);
        if (shards.Count == 1)
        {
            Write(Path.Combine(folder, "model.safetensors"), shards[0], metadata);
            return ["model.safetensors"];
        }

        List<string> names = [.. Enumerable.Range(1, shards.Count).Select(i => $"model-{i:D5}-of-{shards.Count:D5}.safetensors")];
        for (var i = 0; i < shards.Count; i++)
        {
            Write(Path.Combine(folder, names[i]), shards[i], metadata);
        }

        var index = SafetensorsLayout.Index(shards, names);
        AtomicFile.Write(Path.Combine(folder, "model.safetensors.index.json"), stream => stream.Write(index));
        return [.. names, "model.safetensors.index.json"];
    }
}
