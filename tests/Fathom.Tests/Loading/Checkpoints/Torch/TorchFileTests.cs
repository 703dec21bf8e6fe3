using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Safetensors;
using Fathom.Loading.Checkpoints.Torch;

namespace Fathom.Tests.Loading.Checkpoints.Torch;

public sealed class TorchFileTests
{
    private static readonly FixturePack Pack = FixturePack.Open("torch");
    private static readonly JsonElement Manifest = Pack.Json("torch/manifest.json").GetProperty("files");

    public static TheoryData<string> Readable => Named("read");

    public static TheoryData<string> Rejected => Named("reject");

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_every_tensor_bit_for_bit(string file)
    {
        using var found = Open(file);
        using SafetensorsFile expected = new(new MemorySource(file, Pack.Files[$"torch/{Path.ChangeExtension(file, null)}.expected.safetensors"]));

        // The fixture writes the empty key of a state dict under the name it uses for bare tensors.
        var wanted = Dump.Of(expected).ToDictionary(p => file.StartsWith("unicode", StringComparison.Ordinal) && p.Key == "tensor" ? "" : p.Key, p => p.Value);
        Assert.Equal(wanted.OrderBy(p => p.Key, StringComparer.Ordinal), Dump.Of(found).OrderBy(p => p.Key, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    public void Refuses_by_name_what_is_no_state_dict(string file)
    {
        var why = Manifest.GetProperty(file).GetProperty("why").GetString()!;
        var refusal = Record.Exception(() => Dump.Of(Open(file)));
        if (refusal is null && file.StartsWith("numpy_scalar", StringComparison.Ordinal))
        {
            // The manifest recommends reading numpy scalars as inert values.
            return;
        }

        var invalid = Assert.IsType<InvalidCheckpointException>(refusal);
        if (file.EndsWith("v3.legacy.pt", StringComparison.Ordinal) || file.StartsWith("v3_views", StringComparison.Ordinal) || file.StartsWith("complex128", StringComparison.Ordinal))
        {
            Assert.Contains("UntypedStorage", invalid.Problem, StringComparison.Ordinal);
            return;
        }

        string[] words = [.. why.Split([' ', ';', ',', ':', '/'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Contains('.', StringComparison.Ordinal) && !w.EndsWith(".7", StringComparison.Ordinal) || w is "protocol" or "stored" or "TorchScript" or "UntypedStorage" or "element")];
        Assert.NotEmpty(words);
        Assert.Contains(words, word => invalid.Problem.Contains(word, StringComparison.Ordinal) || invalid.Problem.Contains(word.Replace("builtins.", "__builtin__.", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_without_arithmetic_never_fails_the_other_tensors()
    {
        using var file = Open("complex128_32.pt");
        Assert.Equal(3, file.Tensors.Count);
        var half = file.Tensors.Values.Single(t => t.Type == StoredType.C32);
        Assert.Contains("C32", Assert.Throws<InvalidCheckpointException>(() => file.Read(half.Name)).Message, StringComparison.Ordinal);
        using SafetensorsFile expected = new(new MemorySource("w", Pack.Files["torch/complex128_32.expected.safetensors"]));
        Assert.Equal(Dump.Values(expected, expected.Tensors["w"]), Dump.Values(file, file.Tensors["w"]));
    }

    [Fact]
    public void Reads_sharded_checkpoints_by_their_index()
    {
        using TemporaryFolder folder = new();
        Pack.Extract("torch/sharded/", folder.Path);
        using var found = Checkpoint.Open(folder.File("pytorch_model.bin.index.json"));
        using SafetensorsFile expected = new(new MemorySource("sharded", Pack.Files["torch/sharded/sharded.expected.safetensors"]));
        Assert.Equal(expected.Tensors.Keys.Order(), found.Tensors.Keys.Order());
        foreach (var name in found.Tensors.Keys)
        {
            using Tensor a = expected.Read(name), b = found.Read(name);
            Assert.Equal(a.bytes.ToArray(), b.bytes.ToArray());
        }
    }

    [Fact]
    public void Views_in_pickled_checkpoints_are_read_element_by_element_right()
    {
        using var file = Open("views.pt");
        using SafetensorsFile expected = new(new MemorySource("views", Pack.Files["torch/views.expected.safetensors"]));
        foreach (var stored in file.Tensors.Values)
        {
            using Tensor whole = file.Read(stored.Name), wanted = expected.Read(stored.Name);
            Assert.Equal(stored.Shape, whole.shape);
            Assert.Equal(wanted.bytes.ToArray(), whole.bytes.ToArray());

            // Any stretch of a view equals the same stretch of the whole.
            var dense = Dump.Values(file, stored);
            for (var first = 0; first < stored.Count; first += 3)
            {
                var part = new byte[(int)Math.Min(2, stored.Count - first) * stored.Type.ReadBytes];
                file.ReadValues(stored, first, part);
                Assert.Equal(dense.AsSpan(first * stored.Type.ReadBytes, part.Length).ToArray(), part);
            }
        }
    }

    [Fact]
    public void Plain_values_beside_the_tensors_are_metadata()
    {
        using var file = Open("training.pt");
        Assert.Equal("300", file.Metadata["epoch"]);
        Assert.Equal("0.125", file.Metadata["loss"]);
        Assert.Equal("2", file.Metadata["config/n_layer"]);
        using var model = file.Under("model/");
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], model.Tensors.Keys);
        using Tensor a = model.Read("0.bias"), b = file.Read("model/0.bias");
        Assert.Equal(b.bytes.ToArray(), a.bytes.ToArray());
    }

    [Fact]
    public void A_prefix_that_nothing_has_is_an_error()
    {
        using var file = Open("training.pt");
        Assert.Contains("'modle/'", Assert.Throws<KeyNotFoundException>(() => file.Under("modle/")).Message, StringComparison.Ordinal);
    }

    private static TorchCheckpoint Open(string file) => TorchFile.Open(new MemorySource(file, Pack.Files[$"torch/{file}"]));

    private static TheoryData<string> Named(string expect) => [.. Manifest.EnumerateObject().Where(f => f.Value.GetProperty("expect").GetString() == expect && !f.Name.StartsWith("sharded", StringComparison.Ordinal)).Select(f => f.Name)];
}
