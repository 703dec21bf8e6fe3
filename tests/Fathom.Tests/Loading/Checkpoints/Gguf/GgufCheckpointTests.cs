using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

public sealed class GgufCheckpointTests
{
    private static readonly FixturePack Pack = FixturePack.Open("gguf");

    public static TheoryData<string> Types => [.. Pack.Json("expected.json").GetProperty("types").EnumerateObject().Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Dequantises_every_type_bit_for_bit(string type)
    {
        using var file = Open($"types/{type}.gguf");
        using SafetensorsFile expected = new(new MemorySource(type, Pack.Files[$"types/{type}.safetensors"]));
        Assert.Equal(type, file.Tensors["w"].Type.Label);
        Assert.Equal(expected.Tensors.Keys.Order(), file.Tensors.Keys.Order());
        foreach (var tensor in file.Tensors.Values)
        {
            var wanted = expected.Tensors[tensor.Name];
            Assert.Equal(wanted.Shape, tensor.Shape);
            var bits = tensor.Type is StoredType.F16 or StoredType.BF16 ? Widen(tensor.Type, Dump.Values(file, tensor)) : MemoryMarshal.Cast<byte, uint>(Dump.Values(file, tensor)).ToArray();
            Assert.Equal(MemoryMarshal.Cast<byte, uint>(Dump.Values(expected, wanted)).ToArray(), bits);
        }
    }

    [Fact]
    public void Reads_every_metadata_value_type()
    {
        using var file = Open("valid/every-value-type.gguf");
        foreach (var pair in Pack.Json("expected.json").GetProperty("valid").GetProperty("every-value-type.gguf").GetProperty("kv").EnumerateObject())
        {
            var raw = file.Gguf.Raw(pair.Name);
            switch (pair.Value.ValueKind)
            {
                case JsonValueKind.String when raw is not string:
                    Assert.Equal(pair.Value.GetString(), Convert.ToString(raw, CultureInfo.InvariantCulture));
                    break;
                case JsonValueKind.String:
                    Assert.Equal(pair.Value.GetString(), file.Gguf.Text(pair.Name));
                    break;
                case JsonValueKind.Number when raw is long:
                    Assert.Equal(pair.Value.GetInt64(), file.Gguf.Integer(pair.Name));
                    break;
                case JsonValueKind.Number:
                    Assert.Equal(pair.Value.GetDouble(), file.Gguf.Number(pair.Name));
                    break;
                case JsonValueKind.Array:
                    Assert.Equal(pair.Value.EnumerateArray().Select(e => e.ToString().ToUpperInvariant()), ((Array)raw!).Cast<object>().Select(e => Convert.ToString(e, CultureInfo.InvariantCulture)!.ToUpperInvariant()));
                    break;
                default:
                    Assert.Equal(pair.Value.GetBoolean(), file.Gguf.Flag(pair.Name));
                    break;
            }
        }

        Assert.Equal([0f, 1, 2, 3, 4, 5], Floats(file, "x"));
        Assert.Equal([2L, 3], file.Tensors["x"].Shape);
    }

    [Theory]
    [InlineData("alignment-64.gguf")]
    [InlineData("version-2.gguf")]
    [InlineData("no-final-padding.gguf")]
    [InlineData("no-tensors.gguf")]
    public void Reads_every_other_valid_container(string name)
    {
        using var file = Open("valid/" + name);
        var expected = Pack.Json("expected.json").GetProperty("valid").GetProperty(name).EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array).ToList();
        Assert.Equal(expected.Count, file.Tensors.Count);
        Assert.All(expected, p => Assert.Equal(p.Value.EnumerateArray().Select(v => v.GetSingle()), Floats(file, p.Name)));
    }

    [Theory]
    [InlineData("big-endian.gguf", "big-endian")]
    [InlineData("nested-array.gguf", "array of arrays")]
    public void Refuses_by_name_what_it_does_not_read(string name, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidCheckpointException>(() => Open("valid/" + name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reads_a_split_model_from_its_first_part()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("valid/", folder.Path);
        using var file = Assert.IsType<GgufCheckpoint>(Checkpoint.Open(folder.File("split-00001-of-00002.gguf")));
        Assert.Equal([0f, 1, 2, 3], Floats(file, "a"));
        Assert.Equal([10f, 11, 12, 13], Floats(file, "b"));
        using var read = file.Read("b");
        Assert.Equal([10f, 11, 12, 13], read.data<float>().ToArray());
    }

    [Fact]
    public void Names_the_missing_part_of_a_split_model()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("valid/", folder.Path);
        File.Delete(folder.File("split-00002-of-00002.gguf"));
        var missing = Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(folder.File("split-00001-of-00002.gguf")));
        Assert.Contains("split-00002-of-00002.gguf is missing", missing.Message, StringComparison.Ordinal);
        Pack.Extract("valid/", folder.Path);
        var second = Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(folder.File("split-00002-of-00002.gguf")));
        Assert.Contains("open part 1, split-00001-of-00002.gguf", second.Message, StringComparison.Ordinal);
        var renamed = Assert.Throws<InvalidCheckpointException>(() => Open("valid/split-00001-of-00002.gguf"));
        Assert.Contains("part 1 of 2, but it was opened as part 1 of 1", renamed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "begins with 'GGUF'")]
    [InlineData("bad-magic", "begins with 'GGUF'")]
    [InlineData("version-1", "version 1 is not supported")]
    [InlineData("version-99", "version 99 is not supported")]
    [InlineData("cut-in-header", "truncated")]
    [InlineData("kv-count-2e63", "claims 9223372036854775808 entries")]
    [InlineData("kv-count-2e32", "claims 4294967296 entries")]
    [InlineData("tensor-count-2e40", "claims 1099511627776 entries")]
    [InlineData("key-length-2e64-1", "length of 18446744073709551615 bytes")]
    [InlineData("string-length-2e31", "claims 2147483648 entries")]
    [InlineData("array-count-2e61", "claims 2305843009213693952 entries")]
    [InlineData("string-array-count-2e40", "claims 1099511627776 entries")]
    [InlineData("array-depth-5000", "array of arrays")]
    [InlineData("value-type-13", "unknown value type 13")]
    [InlineData("bool-7", "boolean of 7")]
    [InlineData("key-not-utf8", "not ASCII")]
    [InlineData("duplicate-key", "given twice")]
    [InlineData("alignment-0", "power of two")]
    [InlineData("alignment-24", "power of two")]
    [InlineData("alignment-2e31", "truncated")]
    [InlineData("alignment-as-string", "must be an integer")]
    [InlineData("dims-5", "5 dimensions")]
    [InlineData("dims-2e32", "4294967295 dimensions")]
    [InlineData("dims-overflow", "overflow")]
    [InlineData("dims-overflow-small", "overflow")]
    [InlineData("dim-zero", "sizes start at 1")]
    [InlineData("dim-negative", "below 2^63")]
    [InlineData("type-4", "was removed from the format")]
    [InlineData("type-9999", "type 9999, which is unknown")]
    [InlineData("row-not-block-multiple", "not a whole number of Q4_0 blocks")]
    [InlineData("offset-past-end", "without gaps or overlap")]
    [InlineData("offset-wraps", "without gaps or overlap")]
    [InlineData("offset-misaligned", "without gaps or overlap")]
    [InlineData("data-cut", "truncated")]
    [InlineData("overlap", "without gaps or overlap")]
    [InlineData("duplicate-tensor", "given twice")]
    [InlineData("name-70-bytes", "at most 64")]
    [InlineData("split-part-alone", "part 1 of 3")]
    public void Refuses_every_hostile_container_with_its_reason(string name, string reason)
    {
        var refusal = Assert.Throws<InvalidCheckpointException>(() => Open($"hostile/{name}.gguf"));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name-path", "is missing")]
    [InlineData("head-count-0", "'llama.attention.head_count' is 0")]
    [InlineData("block-count-2e31", "llama.block_count")]
    [InlineData("tokens-and-types-differ", "2 tokens but 3 token types")]
    [InlineData("merge-without-space", "merge")]
    public void Refuses_bad_content_in_a_legal_container_when_it_is_used(string name, string reason)
    {
        using var file = Open($"hostile/{name}.gguf");
        var refusal = Assert.Throws<InvalidCheckpointException>(() =>
        {
            GgufVocabulary.Read(file);
            GgufNames.Translate(file);
        });
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_mutations_of_valid_files()
    {
        byte[][] seeds = [.. Pack.Files.Where(f => f.Key.EndsWith(".gguf", StringComparison.Ordinal) && !f.Key.StartsWith("hostile", StringComparison.Ordinal)).Select(f => f.Value)];
        var accepted = MutationRun.Run(seeds, bytes => Dump.Of(GgufCheckpoint.Open([new MemorySource("mutant", bytes)])));
        Assert.InRange(accepted, 1, Mutator.Count - 1);
    }

    private static GgufCheckpoint Open(string path) => GgufCheckpoint.Open([new MemorySource(path, Pack.Files[path])]);

    private static float[] Floats(GgufCheckpoint file, string name) => MemoryMarshal.Cast<byte, float>(Dump.Values(file, file.Tensors[name])).ToArray();

    private static uint[] Widen(StoredType type, byte[] values) => [.. MemoryMarshal.Cast<byte, ushort>(values).ToArray().Select(v => type == StoredType.BF16 ? (uint)v << 16 : BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf(v)))];
}
