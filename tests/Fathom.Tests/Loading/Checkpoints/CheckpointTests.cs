using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Gguf;

namespace Fathom.Tests.Loading.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Prefers_safetensors_to_pickles_and_pickles_to_gguf_in_a_folder()
    {
        _folder.Write("model.gguf", FixturePack.Open("gguf").Files["valid/version-2.gguf"]);
        using (var gguf = Checkpoint.Open(_folder.Path))
        {
            Assert.IsType<GgufCheckpoint>(gguf);
        }

        _folder.Write("pytorch_model.bin", FixturePack.Open("torch").Files["torch/state_dict.pt"]);
        using (var pickle = Checkpoint.Open(_folder.Path))
        {
            Assert.EndsWith("pytorch_model.bin", pickle.Source, StringComparison.Ordinal);
        }

        _folder.Write("model.safetensors", FixturePack.Open("safetensors").Files["safetensors/by_library.safetensors"]);
        using var safetensors = Checkpoint.Open(_folder.Path);
        Assert.EndsWith("model.safetensors", safetensors.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safetensors", "safetensors/by_library.safetensors", 3)]
    [InlineData("torch", "torch/state_dict.pt", 4)]
    [InlineData("torch", "torch/state_dict.legacy.pt", 4)]
    [InlineData("gguf", "valid/version-2.gguf", 1)]
    public void Goes_by_the_content_where_the_name_says_nothing(string pack, string file, int tensors)
    {
        using var checkpoint = Checkpoint.Open(_folder.Write("403450e234d65943a7dcf7e05a771ce3c92faa84dd07db4ac20f592037a1e4bd", FixturePack.Open(pack).Files[file]));
        Assert.Equal(tensors, checkpoint.Tensors.Count);
    }

    [Fact]
    public void Never_reads_a_pickle_under_another_name()
    {
        var path = _folder.Write("model.safetensors", FixturePack.Open("torch").Files["torch/state_dict.pt"]);
        Assert.Contains("zip archive", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_is_there_when_nothing_can_be_opened()
    {
        Assert.Contains("there is no such file", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(_folder.File("absent"))).Message, StringComparison.Ordinal);
        Assert.Contains("It holds: nothing", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
        var text = _folder.Write("readme.md", "<html>"u8.ToArray());
        Assert.Contains("a web page", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(text)).Message, StringComparison.Ordinal);
        _folder.Write("a.pt", [1]);
        _folder.Write("b.pt", [1]);
        Assert.Contains("several checkpoints", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
        _folder.Write("adapter_config.json", "{}"u8.ToArray());
        Assert.Contains("a LoRA adapter", Assert.Throws<InvalidCheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_larger_than_one_chunk_is_read_whole()
    {
        Fathom.Native.NativeLibraries.EnsureLoaded();
        const int Count = (1 << 25) + 5;
        using (var tensor = torch.arange(Count, dtype: torch.int32))
        {
            using var bytes = tensor.bitwise_and(127).to(torch.uint8);
            SafetensorsWriter.Write(_folder.File("a.safetensors"), new Dictionary<string, Tensor> { ["w"] = bytes });
        }

        using var file = Checkpoint.Open(_folder.File("a.safetensors"));
        using var read = file.Read("w");
        var values = read.bytes;
        Assert.Equal(Count, values.Length);
        Assert.Equal([124, 125, 126, 127, 0, 1, 2, 3, 4], values[^9..].ToArray());
    }

    public void Dispose() => _folder.Dispose();
}
