using System.Runtime.InteropServices;
using System.Text.Json;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>4-bit blocks: two codes a byte (the first in the high nibble) into the file's own table of 16 values, one scale a block.</summary>
internal static class BitsAndBytes4
{
    /// <summary>What marks the tensor that describes a packed weight.</summary>
    public const string State = ".quant_state.bitsandbytes__";

    private const int LargestState = 1 << 16;

    public static PackedTensor Weight(Checkpoint inner, string stateName)
    {
        var at = stateName.IndexOf(State, StringComparison.Ordinal);
        string name = stateName[..at], kind = stateName[(at + State.Length)..];
        PackedParts parts = new(inner, name);
        if (kind is not ("nf4" or "fp4"))
        {
            throw parts.Invalid($"its kind '{kind}' is not read; nf4 and fp4 are.");
        }

        var state = ReadState(inner, parts, parts.Require(State + kind, StoredType.U8));
        StoredTensor codes = parts.Require("", StoredType.U8), table = parts.Require(".quant_map", StoredType.F32), absmax = parts.Require(".absmax", StoredType.F32, StoredType.U8);
        var claimed = state.Shape.Aggregate((Int128)1, (a, b) => Int128.Min(a * b, long.MaxValue));
        if (codes.Count != (claimed + 1) / 2)
        {
            throw parts.Invalid($"{codes.Count} bytes cannot hold the {claimed} values of its shape [{string.Join(", ", state.Shape)}].");
        }

        long count = (long)claimed, blocks = (count + state.BlockSize - 1) / state.BlockSize;
        parts.Check(table, 16);
        parts.Check(absmax, blocks);

        Nested? nested = absmax.Type == StoredType.U8 ? FindNested(parts, state, blocks) : null;
        return new(name, state.Type, state.Shape, parts.Names, read =>
        {
            var scales = Scales(read, absmax, nested);
            return Unpack(read(codes.Name), Groups.Floats(read(table.Name)), scales, count, state.BlockSize).to(state.Type.ReadAs!.Value).view([.. state.Shape]);
        });
    }

    private static Nested FindNested(PackedParts parts, QuantState state, long blocks)
    {
        StoredTensor table = parts.Require(".nested_quant_map", StoredType.F32), absmax = parts.Require(".nested_absmax", StoredType.F32);
        if (state.NestedBlockSize is not (> 0 and var size) || state.NestedOffset is not { } offset)
        {
            throw parts.Invalid("its scales are packed too, but its state has no nested_blocksize or nested_offset.");
        }

        parts.Check(table, 256);
        parts.Check(absmax, (blocks + size - 1) / size);
        return new(table.Name, absmax.Name, size, offset);
    }

    private static float[] Scales(Func<string, Tensor> read, StoredTensor absmax, Nested? nested)
    {
        if (nested is null)
        {
            return Groups.Floats(read(absmax.Name));
        }

        float[] table = Groups.Floats(read(nested.Table)), outer = Groups.Floats(read(nested.Absmax));
        var codes = read(absmax.Name).bytes;
        var scales = new float[codes.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            scales[i] = (table[codes[i]] * outer[i / nested.BlockSize]) + nested.Offset;
        }

        return scales;
    }

    private static Tensor Unpack(Tensor codes, float[] table, float[] scales, long count, int blockSize)
    {
        var weight = torch.empty([count], dtype: torch.float32);
        var values = MemoryMarshal.Cast<byte, float>(weight.bytes);
        var bytes = codes.bytes;
        for (var i = 0; i < values.Length; i++)
        {
            var pair = bytes[i / 2];
            values[i] = table[i % 2 == 0 ? pair >> 4 : pair & 15] * scales[i / blockSize];
        }

        return weight;
    }

    private static QuantState ReadState(Checkpoint inner, PackedParts parts, StoredTensor stored)
    {
        if (stored.ByteLength > LargestState)
        {
            throw parts.Invalid($"its state has {stored.ByteLength} bytes; at most {LargestState} are read.");
        }

        try
        {
            using var tensor = inner.Read(stored.Name);
            using var json = JsonDocument.Parse(tensor.bytes.ToArray(), new() { MaxDepth = 8, AllowDuplicateProperties = false });
            var root = json.RootElement;
            var type = root.GetProperty("dtype").GetString() switch
            {
                "bfloat16" => StoredType.BF16,
                "float16" => StoredType.F16,
                "float32" => StoredType.F32,
                var other => throw parts.Invalid($"its dtype '{other}' is not read."),
            };
            long[] shape = [.. root.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64() is > 0 and <= int.MaxValue and var size ? size : throw parts.Invalid("its shape is out of range."))];
            var blockSize = root.GetProperty("blocksize").GetInt32() is > 0 and var block ? block : throw parts.Invalid("its blocksize is not positive.");
            return new(type, shape, blockSize,
                root.TryGetProperty("nested_blocksize", out var nestedSize) ? nestedSize.GetInt32() : null,
                root.TryGetProperty("nested_offset", out var offset) ? (float)offset.GetDouble() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw parts.Invalid($"its state is not the JSON that bitsandbytes writes ({e.Message}).");
        }
    }

    private sealed record QuantState(StoredType Type, long[] Shape, int BlockSize, int? NestedBlockSize, float? NestedOffset);

    private sealed record Nested(string Table, string Absmax, int BlockSize, float Offset);
}
