using System.Text.Json;

namespace Fathom.Hub.Selection;

/// <summary>Reads which files the weights are spread over.</summary>
internal static class ShardIndex
{
    private const int MostBytes = 64 << 20;
    private const int MostShards = 10_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The shards named in an index file, each once.</summary>
    /// <param name="file">Where the index lies.</param>
    /// <param name="name">Its name in the repository; shards must have the extension that it announces.</param>
    /// <exception cref="HubIntegrityException">The index is no index, or names a file that it must not name.</exception>
    public static IReadOnlyList<string> Read(string file, string name)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > MostBytes)
        {
            throw Refuse(name, $"it has {stream.Length:N0} bytes; an index has at most {MostBytes:N0}");
        }

        try
        {
            using var json = JsonDocument.Parse(stream, Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            {
                throw Refuse(name, "it has no object 'weight_map'");
            }

            return [.. Shards(map, name)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refuse(name, "it is not valid JSON", e);
        }
    }

    private static HashSet<string> Shards(JsonElement map, string name)
    {
        var extension = name.Contains(".safetensors", StringComparison.Ordinal) ? ".safetensors" : ".bin";
        var shards = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw Refuse(name, "a tensor's file is not a string");
            if (RepositoryPath.Fault(shard) is { } fault)
            {
                throw Refuse(name, $"the file name {Quoted.Text(shard)} has {fault}");
            }

            if (!shard.EndsWith(extension, StringComparison.Ordinal))
            {
                throw Refuse(name, $"the file name {Quoted.Text(shard)} does not end with {extension}");
            }

            if (shards.Add(shard) && shards.Count > MostShards)
            {
                throw Refuse(name, $"it names more than {MostShards} files");
            }
        }

        return shards;
    }

    private static HubIntegrityException Refuse(string name, string fault, Exception? inner = null) =>
        new(name, $"The index {Quoted.Text(name)} cannot be trusted: {fault}. Do not load this checkpoint; look for the model under another owner.", inner);
}
