using System.Runtime.InteropServices;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Numpy;

namespace Fathom.Tests.Loading.Checkpoints.Numpy;

public sealed class NpzTests
{
    private static readonly FixturePack Pack = FixturePack.Open("npz");

    [Theory]
    [InlineData("stored.npz", 18)]
    [InlineData("compressed.npz", 19)]
    public void Reads_every_array_that_numpy_wrote(string name, int arrays)
    {
        using var file = Open(name);
        Assert.Equal(arrays, file.Tensors.Count);
        foreach (var expected in Pack.Json("npz/expected.json").EnumerateObject())
        {
            var tensor = file.Tensors[expected.Name];
            Assert.Equal(expected.Value[1].EnumerateArray().Select(v => v.GetInt64()), tensor.Shape);
            Assert.Equal(expected.Value[2].GetString(), Dump.Hash(Dump.Values(file, tensor)));
        }
    }

    [Theory]
    [InlineData("objects.npz", "Python objects")]
    [InlineData("structured.npz", "not what NumPy writes for a plain array")]
    [InlineData("text.npz", "'<U2', which is not read")]
    public void Refuses_what_is_no_number(string name, string reason) => Assert.Contains(reason, Assert.Throws<InvalidCheckpointException>(() => Open(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_torch_archive_under_this_name() => Assert.Contains(
        "is no array", Assert.Throws<InvalidCheckpointException>(() => new NpzFile(new MemorySource("x.npz", FixturePack.Open("torch").Files["torch/tied.pt"]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Survives_mutations_of_valid_files()
    {
        byte[][] seeds = [Pack.Files["npz/stored.npz"], Pack.Files["npz/compressed.npz"]];
        MutationRun.Run(seeds, bytes => Dump.Of(new NpzFile(new MemorySource("mutant", bytes))));
    }

    [Fact]
    public void Writes_the_same_bytes_twice_and_reads_them_back_with_provenance()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using Tensor a = torch.arange(6, dtype: torch.float32).view(2, 3), b = torch.tensor(new long[] { 5, -6 }), s = torch.tensor(2.5f), t = a.t();
        Dictionary<string, Tensor> tensors = new() { ["a"] = a, ["blocks.0.attn/b"] = b, ["scalar"] = s, ["transposed"] = t };
        Dictionary<string, string> provenance = new() { ["model"] = "gpt2 é😀", ["commit"] = "" };
        NpzWriter.Write(folder.File("1.npz"), tensors, provenance);
        NpzWriter.Write(folder.File("2.npz"), tensors, provenance);
        Assert.Equal(File.ReadAllBytes(folder.File("1.npz")), File.ReadAllBytes(folder.File("2.npz")));

        using var file = Checkpoint.Open(folder.File("1.npz"));
        Assert.Equal(provenance, file.Metadata);
        Assert.Equal(tensors.Keys, file.Tensors.Keys);
        foreach (var (name, tensor) in tensors)
        {
            using Tensor read = file.Read(name), dense = tensor.contiguous();
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(dense.bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void Bf16_is_widened_by_a_shift_and_fp16_keeps_its_bits()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        ushort[] words = [0, 0x8000, 1, 0x8001, 0x7F7F, 0x7F81, 0xFFC1, 0x7F80, 0x3F80];
        using Tensor bf16 = torch.empty([words.Length], dtype: torch.bfloat16), fp16 = torch.empty([words.Length], dtype: torch.float16);
        MemoryMarshal.AsBytes(words.AsSpan()).CopyTo(bf16.bytes);
        MemoryMarshal.AsBytes(words.AsSpan()).CopyTo(fp16.bytes);
        NpzWriter.Write(folder.File("a.npz"), new Dictionary<string, Tensor> { ["bf16"] = bf16, ["fp16"] = fp16 });
        using var file = Checkpoint.Open(folder.File("a.npz"));
        using Tensor wide = file.Read("bf16"), half = file.Read("fp16");
        Assert.Equal(words.Select(w => (uint)w << 16), MemoryMarshal.Cast<byte, uint>(wide.bytes).ToArray());
        Assert.Equal(MemoryMarshal.AsBytes(words.AsSpan()).ToArray(), half.bytes.ToArray());
    }

    [Fact]
    public void Refuses_names_that_no_archive_can_hold()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using var a = torch.ones(1);
        foreach (var name in new[] { "../a", "", "a\\b", "C:a", "a\0" })
        {
            Assert.Throws<ArgumentException>(() => NpzWriter.Write(folder.File("a.npz"), new Dictionary<string, Tensor> { [name] = a }));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static NpzFile Open(string name) => new(new MemorySource(name, Pack.Files["npz/" + name]));
}
