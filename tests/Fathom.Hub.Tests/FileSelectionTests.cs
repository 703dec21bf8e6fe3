namespace Fathom.Hub.Tests;

public sealed class FileSelectionTests
{
    [Theory]
    [InlineData("model.safetensors", "model.safetensors pytorch_model.bin flax_model.msgpack tf_model.h5 rust_model.ot model.fp16.safetensors onnx/model.onnx original/consolidated.00.pth")]
    [InlineData("model.safetensors.index.json", "model.safetensors.index.json model-00001-of-00002.safetensors pytorch_model.bin")]
    [InlineData("pytorch_model.bin", "pytorch_model.bin flax_model.msgpack training_args.bin")]
    [InlineData("pytorch_model.bin.index.json", "pytorch_model.bin.index.json pytorch_model-00001-of-00002.bin")]
    [InlineData("model_final.pth", "model_final.pth checkpoints/x_1.pth checkpoints/x_final.pth")]
    [InlineData("weights.pth", "weights.pth optimizer.pt")]
    [InlineData("consolidated.safetensors", "consolidated.safetensors")]
    public void Takes_one_set_of_weights_and_prefers_safetensors(string expected, string files)
    {
        string[] all = ["config.json", "README.md", .. files.Split(' ')];

        Assert.Equal(["config.json", expected], FileSelection.Model.Choose(all).Files);
    }

    [Fact]
    public void Takes_older_vocabularies_only_without_tokenizer_json()
    {
        string[] older = ["config.json", "model.safetensors", "vocab.json", "merges.txt", "tokenizer_config.json"];

        Assert.Equal(["config.json", "tokenizer_config.json", "vocab.json", "merges.txt", "model.safetensors"], FileSelection.Model.Choose(older).Files);
        Assert.Equal(["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"], FileSelection.Model.Choose([.. older, "tokenizer.json"]).Files);
    }

    [Fact]
    public void Takes_adapters_and_single_gguf_files()
    {
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors"], FileSelection.Model.Choose(["adapter_config.json", "adapter_model.safetensors", "README.md"]).Files);
        Assert.Equal(["m.gguf"], FileSelection.Model.Choose(["m.gguf", "README.md"]).Files);
        Assert.Equal(["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"], FileSelection.Model.Choose(["m-00002-of-00002.gguf", "m-00001-of-00002.gguf", "README.md"]).Files);
        Assert.Equal(["m-00002-of-00002.gguf"], FileSelection.Model.Choose(["m-00001-of-00002.gguf"]).Missing);
        Assert.True(GgufFile.TryParse("owner/name/q8/m-00001-of-00002.gguf", out var split));
        Assert.Equal(2, split.Selection.Choose(["q8/m-00001-of-00002.gguf", "q8/m-00002-of-00002.gguf", "q4/m.gguf"]).Files.Count);
        Assert.All(["name/m.gguf", "owner/name/m.bin", "./owner/name/m.gguf", "owner/name/../m.gguf", "/owner/name/m.gguf", "owner/name/*.gguf"], name => Assert.False(GgufFile.TryParse(name, out _), name));
        Assert.Equal(["model.safetensors"], FileSelection.Model.Choose(["config.json", "m-q4.gguf", "m-q8.gguf"]).Missing);
    }

    [Fact]
    public void Says_what_is_missing()
    {
        Assert.Equal(["config.json", "model.safetensors"], FileSelection.Model.Choose(["flax_model.msgpack"]).Missing);
        Assert.Equal(["*.gguf"], FileSelection.Only("*.gguf").Choose(["config.json"]).Missing);
        Assert.Equal(["checkpoints/x_7.pth"], FileSelection.Model.And("checkpoints/x_7.pth").Choose(["config.json", "model.safetensors"]).Missing);
        Assert.Empty(FileSelection.Tokenizer.Choose(["config.json"]).Missing);
    }

    [Fact]
    public void Patterns_match_across_folders() =>
        Assert.Equal(["a/b/x.gguf", "y.gguf"], FileSelection.Only("*.gguf").Choose(["a/b/x.gguf", "y.gguf", "z.bin"]).Files);
}
