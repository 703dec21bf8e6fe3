using System.Runtime.InteropServices;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints.Safetensors;

public sealed class SafetensorsFileTests
{
    private static readonly FixturePack Pack = FixturePack.Open("safetensors");

    [Fact]
    public void Converts_every_8_bit_float_code_exactly()
    {
        using SafetensorsFile file = new(new MemorySource("conversions", Pack.Files["safetensors/conversions.safetensors"]));
        foreach (var name in new[] { "e4m3", "e5m2" })
        {
            var codes = Dump.Values(file, file.Tensors[name]);
            Assert.Equal(256 * 4, codes.Length);
            Assert.Equal(Canonical(Dump.Values(file, file.Tensors[name + ".as_f32"])), Canonical(codes));
        }

        // Every NaN is one NaN here: the payload of an 8-bit NaN has no fp32 counterpart to keep.
        static uint[] Canonical(byte[] values) => [.. MemoryMarshal.Cast<byte, float>(values).ToArray().Select(v => float.IsNaN(v) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(v))];
    }

    [Fact]
    public void Reads_shards_as_one_checkpoint()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("safetensors/sharded/", folder.Path);
        File.Delete(folder.File("whole.safetensors"));
        using SafetensorsFile whole = new(new MemorySource("whole", Pack.Files["safetensors/sharded/whole.safetensors"]));
        using var sharded = Checkpoint.Open(folder.Path);
        Assert.Equal(whole.Tensors.Keys.Order(), sharded.Tensors.Keys.Order());
        foreach (var name in whole.Tensors.Keys)
        {
            using Tensor a = whole.Read(name), b = sharded.Read(name);
            Assert.Equal(a.bytes.ToArray(), b.bytes.ToArray());
        }
    }

    [Fact]
    public void Names_a_missing_shard()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("safetensors/sharded/", folder.Path);
        File.Delete(folder.File("whole.safetensors"));
        File.Delete(folder.File("model-00002-of-00002.safetensors"));
        var e = Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(folder.Path));
        Assert.Contains("shard model-00002-of-00002.safetensors is missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_shards_that_hold_other_tensors_than_the_index_says()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("safetensors/sharded/", folder.Path);
        File.Delete(folder.File("whole.safetensors"));
        File.Copy(folder.File("model-00001-of-00002.safetensors"), folder.File("model-00002-of-00002.safetensors"), overwrite: true);
        var e = Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(folder.Path));
        Assert.Contains("which the index places in model-00001-of-00002.safetensors", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_tensor_is_an_error_with_the_nearest_stored_name()
    {
        using SafetensorsFile file = new(new MemorySource("by_library", Pack.Files["safetensors/by_library.safetensors"]));
        var e = Assert.Throws<KeyNotFoundException>(() => file.Read("ww"));
        Assert.Contains("'w'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_without_arithmetic_is_listed_and_refused_by_name_when_read()
    {
        using SafetensorsFile file = new(new MemorySource("f4", Pack.Files["safetensors/rare_f4.safetensors"]));
        var name = file.Tensors.Values.First(t => t.Type == StoredType.F4).Name;
        var e = Assert.Throws<InvalidCheckpointException>(() => file.Read(name));
        Assert.Contains("F4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_truncated_after_opening_is_an_exception_not_a_crash()
    {
        using TemporaryFolder folder = new();
        var path = folder.Write("model.safetensors", Pack.Files["safetensors/by_library.safetensors"]);
        using var file = Checkpoint.Open(path);
        File.WriteAllBytes(path, []);
        var e = Assert.Throws<InvalidCheckpointException>(() => file.Read("w"));
        Assert.Contains("something changed it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixteen_bit_words_keep_their_bits_through_load_and_save()
    {
        using TemporaryFolder folder = new();
        short[] words = [0, unchecked((short)0x8000), 1, unchecked((short)0x8001), 0x7F7F, 0x7BFF, 0x7F81, unchecked((short)0xFFC1), 0x7C01, unchecked((short)0xFE01), 0x7C00, 0x7F80];
        Fathom.Native.NativeLibraries.EnsureLoaded();
        foreach (var type in new[] { torch.ScalarType.BFloat16, torch.ScalarType.Float16 })
        {
            using var tensor = torch.empty([words.Length], dtype: type);
            MemoryMarshal.AsBytes(words.AsSpan()).CopyTo(tensor.bytes);
            SafetensorsWriter.Write(folder.File("a.safetensors"), new Dictionary<string, Tensor> { ["w"] = tensor });
            using var file = Checkpoint.Open(folder.File("a.safetensors"));
            using var read = file.Read("w");
            Assert.Equal(type, read.dtype);
            Assert.Equal(MemoryMarshal.AsBytes(words.AsSpan()).ToArray(), read.bytes.ToArray());
        }
    }
}
