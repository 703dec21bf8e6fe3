using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints.Safetensors;

public sealed class SafetensorsWriterTests
{
    private static readonly FixturePack Pack = FixturePack.Open("safetensors");

    [Fact]
    public void Writes_the_bytes_of_the_reference_library()
    {
        var expected = Pack.Files["safetensors/by_library.safetensors"];
        using TemporaryFolder folder = new();
        using SafetensorsFile file = new(new MemorySource("by_library", expected));
        var tensors = file.Tensors.Keys.Reverse().ToDictionary(n => n, file.Read);
        SafetensorsWriter.Write(folder.File("a.safetensors"), tensors, file.Metadata);
        Assert.Equal(expected, File.ReadAllBytes(folder.File("a.safetensors")));
        Dispose(tensors);
    }

    [Fact]
    public void A_view_is_written_as_its_own_dense_values()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using var whole = torch.arange(12, dtype: torch.float32).view(3, 4);
        using Tensor view = whole.t().narrow(0, 1, 2), dense = view.contiguous();
        SafetensorsWriter.Write(folder.File("a.safetensors"), new Dictionary<string, Tensor> { ["view"] = view });
        using var file = Checkpoint.Open(folder.File("a.safetensors"));
        using var read = file.Read("view");
        Assert.Equal([2, 3], read.shape);
        Assert.Equal(dense.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void Shards_cover_every_tensor_once_and_read_back_equal()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using Tensor a = torch.ones(10), b = torch.zeros(20), c = torch.full([3], 7f);
        TensorToWrite[] tensors = [TensorToWrite.From("a", a), TensorToWrite.From("b", b), TensorToWrite.From("é \"c\"\n", c)];
        var files = SafetensorsWriter.WriteFolder(folder.Path, tensors, new Dictionary<string, string> { ["format"] = "pt" }, shardBytes: 100);
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"], files);
        using var index = JsonDocument.Parse(File.ReadAllBytes(folder.File(files[2])));
        Assert.Equal(132, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());

        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal("pt", checkpoint.Metadata["format"]);
        foreach (var tensor in tensors)
        {
            using var read = checkpoint.Read(tensor.Name);
            Assert.Equal(tensor.Open().bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void Odd_names_and_shapes_survive_a_round_trip()
    {
        using TemporaryFolder folder = new();
        string[] files = ["unicode_names", "scalar", "zero_size", "rank_20", "metadata"];
        foreach (var name in files)
        {
            using SafetensorsFile file = new(new MemorySource(name, Pack.Files[$"safetensors/{name}.safetensors"]));
            var tensors = file.Tensors.Keys.ToDictionary(n => n, file.Read);
            SafetensorsWriter.Write(folder.File("a.safetensors"), tensors, file.Metadata);
            using SafetensorsFile again = new(new MemorySource(name, File.ReadAllBytes(folder.File("a.safetensors"))));
            Assert.Equal(Dump.Of(file), Dump.Of(again));
            Assert.Equal(file.Metadata, again.Metadata);
            Dispose(tensors);
        }
    }

    [Fact]
    public void Refuses_a_name_given_twice_even_where_shards_would_hide_it()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using var a = torch.ones(10);
        var e = Assert.Throws<ArgumentException>(() => SafetensorsWriter.WriteFolder(folder.Path, [TensorToWrite.From("a", a), TensorToWrite.From("a", a)], shardBytes: 40));
        Assert.Contains("'a' is given twice", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Leaves_nothing_behind_when_a_tensor_is_not_what_was_announced()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using TemporaryFolder folder = new();
        using var a = torch.ones(10);
        var e = Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(folder.File("a.safetensors"), [TensorToWrite.From("a", a) with { Shape = [9] }]));
        Assert.Contains("announced as Float32 [9] but is Float32 [10]", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static void Dispose(Dictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
