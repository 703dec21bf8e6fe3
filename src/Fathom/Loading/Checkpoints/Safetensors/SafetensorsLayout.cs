using System.Text;

namespace Fathom.Loading.Checkpoints.Safetensors;

/// <summary>Where tensors go in a file that is being written, and the JSON that says so.</summary>
internal static class SafetensorsLayout
{
    /// <summary>The element types in the order of the reference writer, whose data order this is read backwards.</summary>
    private static readonly StoredType[] ReferenceOrder =
    [
        StoredType.Bool, StoredType.U8, StoredType.I8, StoredType.I16, StoredType.U16, StoredType.F16, StoredType.BF16,
        StoredType.I32, StoredType.U32, StoredType.F32, StoredType.C64, StoredType.F64, StoredType.I64, StoredType.U64,
    ];

    /// <summary>The tensors in data order.</summary>
    /// <exception cref="ArgumentException">A name is given twice, is reserved, or is not Unicode.</exception>
    public static List<TensorToWrite> Order(IEnumerable<TensorToWrite> tensors)
    {
        List<TensorToWrite> ordered = [.. tensors.OrderByDescending(t => Array.IndexOf(ReferenceOrder, t.StoredType)).ThenBy(t => t.Name, StringComparer.Ordinal)];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var tensor in ordered)
        {
            if (tensor.Name == "__metadata__" || !names.Add(tensor.Name))
            {
                throw new ArgumentException($"'{tensor.Name}' {(tensor.Name == "__metadata__" ? "is reserved by the format" : "is given twice")}; every tensor needs its own name.");
            }
        }

        return ordered;
    }

    /// <summary>The header bytes, padded with spaces to a multiple of 8.</summary>
    /// <exception cref="ArgumentException">The header is larger than readers accept, or a text is not Unicode.</exception>
    public static byte[] Header(IReadOnlyList<TensorToWrite> ordered, IReadOnlyDictionary<string, string> metadata)
    {
        StringBuilder json = new("{");
        if (metadata.Count > 0)
        {
            json.Append("\"__metadata__\":{").AppendJoin(',', metadata.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quote(p.Key)}:{Quote(p.Value)}")).Append('}');
        }

        long begin = 0;
        foreach (var tensor in ordered)
        {
            var end = begin + tensor.ByteLength;
            json.Append(json.Length > 1 ? "," : "").Append(Quote(tensor.Name)).Append($":{{\"dtype\":\"{tensor.StoredType.Label}\",\"shape\":[")
                .AppendJoin(',', tensor.Shape).Append($"],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }

        var bytes = Encode(json.Append('}').ToString());
        Array.Resize(ref bytes, (bytes.Length + 7) / 8 * 8 is var padded && padded <= SafetensorsHeader.LargestHeader ? padded : throw new ArgumentException(
            $"the header would have {padded} bytes; readers accept {SafetensorsHeader.LargestHeader}. Write fewer tensors a file."));
        bytes.AsSpan().Replace((byte)0, (byte)' ');
        return bytes;
    }

    /// <summary>Fills shards in the order given.</summary>
    public static List<List<TensorToWrite>> Split(IEnumerable<TensorToWrite> tensors, long shardBytes)
    {
        List<List<TensorToWrite>> shards = [[]];
        long used = 0;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && tensor.ByteLength > shardBytes - used)
            {
                shards.Add([]);
                used = 0;
            }

            shards[^1].Add(tensor);
            used += tensor.ByteLength;
        }

        return shards;
    }

    /// <summary>The index of a sharded checkpoint, sorted by tensor name.</summary>
    public static byte[] Index(IReadOnlyList<List<TensorToWrite>> shards, IReadOnlyList<string> files)
    {
        var lines = shards.SelectMany((shard, i) => shard.Select(t => (t.Name, File: files[i]))).OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"    {Quote(p.Name)}: {Quote(p.File)}");
        return Encode($"{{\n  \"metadata\": {{\n    \"total_size\": {shards.Sum(s => s.Sum(t => t.ByteLength))}\n  }},\n  \"weight_map\": {{\n{string.Join(",\n", lines)}\n  }}\n}}\n");
    }

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static byte[] Encode(string json)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(json);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"a name or metadata text holds a lone surrogate, which is not Unicode: {e.Message}", e);
        }
    }
}
