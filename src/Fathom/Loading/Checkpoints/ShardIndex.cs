using System.Text.Json;
using System.Text.RegularExpressions;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints;

/// <summary>An index file (<c>model.safetensors.index.json</c>): which tensor lies in which shard of the same folder.</summary>
internal sealed partial class ShardIndex
{
    private const int MostShards = 10_000;
    private const long LargestFile = 256L << 20;

    private ShardIndex(OrderedDictionary<string, string> shardOf, IReadOnlyList<string> shards)
    {
        ShardOf = shardOf;
        Shards = shards;
    }

    /// <summary>Tensor name to shard file name.</summary>
    public OrderedDictionary<string, string> ShardOf { get; }

    /// <summary>The shard file names, each once, in order of first use.</summary>
    public IReadOnlyList<string> Shards { get; }

    /// <summary>Reads and validates an index.</summary>
    /// <param name="source">The JSON file.</param>
    /// <param name="extension">The extension every shard must have, so that an index of one format cannot name files of another.</param>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static ShardIndex Read(ByteSource source, string extension)
    {
        if (source.Length > LargestFile)
        {
            throw source.Invalid($"an index of {source.Length} bytes is over the cap of {LargestFile}.");
        }

        try
        {
            using var json = JsonDocument.Parse(source.Read(0, (int)source.Length), new() { MaxDepth = 64, AllowDuplicateProperties = false });
            return Build(source, extension, json.RootElement);
        }
        catch (JsonException e)
        {
            // A name given twice surfaces here too: two answers to "where is this tensor" are none.
            throw source.Invalid($"the index is not valid JSON, or a name is given twice: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw source.Invalid($"the index holds text that is not Unicode: {e.Message}", e);
        }
    }

    private static ShardIndex Build(ByteSource source, string extension, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map))
        {
            throw source.Invalid("weight_map: required, an object of tensor name to shard file name.");
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            throw source.Invalid($"weight_map: expected an object, found {map.ValueKind}.");
        }

        OrderedDictionary<string, string> shardOf = new(StringComparer.Ordinal);
        Dictionary<string, string> byFolded = new(StringComparer.OrdinalIgnoreCase);
        List<string> shards = [];
        foreach (var entry in map.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw source.Invalid($"weight_map.{entry.Name}: expected text, found {entry.Value.ValueKind}.");
            if (!byFolded.TryGetValue(shard, out var known))
            {
                CheckName(source, shard, extension);
                byFolded.Add(shard, shard);
                shards.Add(shard);
            }
            else if (known != shard)
            {
                throw source.Invalid($"shard names '{known}' and '{shard}' differ only in case: two names for one file on Windows and macOS.");
            }

            shardOf.Add(entry.Name, shard);
        }

        if (shards.Count is 0 or > MostShards)
        {
            throw source.Invalid(shards.Count == 0 ? "weight_map: no tensors." : $"more than {MostShards:N0} shards ({shards.Count:N0}).");
        }

        return new(shardOf, shards);
    }

    private static void CheckName(ByteSource source, string shard, string extension)
    {
        // A name chosen by whoever wrote the index; only a plain ASCII file name of this folder is followed.
        if (shard.Length > 255 || !PlainName().IsMatch(shard) || !shard.EndsWith(extension, StringComparison.Ordinal) || Reserved().IsMatch(shard))
        {
            throw source.Invalid($"shard name {JsonSerializer.Serialize(shard.Length > 60 ? shard[..60] + "..." : shard)}: expected a plain file name ending in {extension}.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();

    [GeneratedRegex(@"\A(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])\.", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
