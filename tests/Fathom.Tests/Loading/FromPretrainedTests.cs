using System.Text.Json.Nodes;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Tests.Loading.Checkpoints;

namespace Fathom.Tests.Loading;

public sealed class FromPretrainedTests
{
    private const string Target = "model.layers.0.self_attn.q_proj";

    /// <summary>A real file with its tokenizer, which is too large to be a fixture.</summary>
    private static readonly string? Real = Environment.GetEnvironmentVariable("FATHOM_SMOLLM2");

    [Fact]
    public void A_real_gguf_file_brings_its_tokenizer()
    {
        Assert.SkipWhen(Real is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf to check the real file");
        using var model = HookedTransformer.FromPretrained(Path.Combine(Real, "model.gguf"), Processing.None);
        Assert.Equal("Hello world", model.Tokenizer.Decode(model.Tokenizer.EncodeToIds("Hello world", addSpecialTokens: false)));
        Assert.Equal(1, model.SpecialTokens.Bos);
    }

    [Fact]
    public void A_SentencePiece_file_that_cannot_be_read_keeps_texts_out_and_not_the_model()
    {
        var folder = Fixture.Copy("families/llama");
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.model"), [1, 2, 3]);
        using var model = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.False(model.HasTokenizer);
        var error = Assert.Throws<InvalidOperationException>(() => model.Tokenizer);
        Assert.Contains("tokenizer.model", error.Message, StringComparison.Ordinal);
        Assert.Contains("pass token ids instead of text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_packing_that_is_not_read_by_its_name()
    {
        var folder = WithConfig("""{"quant_method": "hqq"}""");
        var error = Assert.Throws<InvalidCheckpointException>(() => HookedTransformer.FromPretrained(folder));
        Assert.Contains("'hqq', which is not read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantization_config_is_honoured_and_does_not_count_as_an_unread_key()
    {
        using var scope = torch.NewDisposeScope();
        using var plain = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None);
        using var marked = HookedTransformer.FromPretrained(WithConfig("""{"quant_method": "mxfp4"}"""), Processing.None);
        var ids = torch.tensor([1L, 2, 3]).unsqueeze(0);
        Assert.True(plain.Forward(ids).Equals(marked.Forward(ids)));
    }

    [Fact]
    public void An_adapter_is_merged_from_its_own_folder_and_onto_a_base_model()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder("families/llama");
        var adapter = MakeAdapter(folder, folder);
        using var plain = HookedTransformer.FromPretrained(folder, Processing.None);
        var (merged, report) = HookedTransformer.LoadPretrained(adapter, Processing.None);
        using var owned = merged;
        using var onto = HookedTransformer.FromPretrained(folder, Processing.None, new() { Adapter = adapter });
        var change = (Query(merged) - Query(plain)).abs();
        Assert.Equal(2f, change.min().item<float>(), 1e-5f);
        Assert.Equal(2f, change.max().item<float>(), 1e-5f);
        Assert.True(Query(merged).Equals(Query(onto)));
        Assert.Contains(report.Notes, n => n.Contains("1 matrices changed", StringComparison.Ordinal));
    }

    [Fact]
    public void An_adapter_without_a_base_model_says_how_to_name_one()
    {
        var folder = Fixture.Folder("families/llama");
        var adapter = MakeAdapter(folder, null);
        var error = Assert.Throws<ModelNotFoundException>(() => HookedTransformer.FromPretrained(adapter));
        Assert.Contains("LoadOptions.BaseModel", error.Message, StringComparison.Ordinal);
        using var model = HookedTransformer.FromPretrained(adapter, Processing.None, new() { BaseModel = folder });
        Assert.Equal(adapter, model.Source.Location);
    }

    [Fact]
    public void Refuses_a_moment_of_training_that_was_not_saved()
    {
        var error = Assert.Throws<Fathom.Hub.UnknownCheckpointException>(() => HookedTransformer.FromPretrained("pythia-70m", options: new() { Checkpoint = Fathom.Hub.Checkpoint.Step(1500) }));
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => HookedTransformer.FromPretrained("pythia-70m", options: new() { Checkpoint = Fathom.Hub.Checkpoint.Step(1000), Revision = "main" }));
        Assert.Throws<ArgumentException>(() => HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), options: new() { Checkpoint = Fathom.Hub.Checkpoint.Step(1000) }));
    }

    private static Tensor Query(HookedTransformer model) => model.Weights.Single(w => w.Name == "blocks.0.attn.W_Q").Value;

    private static string WithConfig(string quantization)
    {
        var folder = Fixture.Copy("families/llama");
        File.Delete(Path.Combine(folder, "golden.safetensors"));
        var path = Path.Combine(folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["quantization_config"] = JsonNode.Parse(quantization);
        File.WriteAllText(path, config.ToJsonString());
        return folder;
    }

    /// <summary>Rank 1, all ones, alpha 2: every entry of one matrix grows by 2.</summary>
    private static string MakeAdapter(string model, string? named)
    {
        var folder = Fixture.EmptyFolder();
        using var checkpoint = Checkpoint.Open(Path.Combine(model, "model.safetensors"));
        var shape = checkpoint.Tensors[Target + ".weight"].Shape;
        using var a = torch.ones(1, shape[1]);
        using var b = torch.ones(shape[0], 1);
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            [$"base_model.model.{Target}.lora_A.weight"] = a,
            [$"base_model.model.{Target}.lora_B.weight"] = b,
        });
        JsonObject config = new() { ["peft_type"] = "LORA", ["r"] = 1, ["lora_alpha"] = 2, ["base_model_name_or_path"] = named };
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config.ToJsonString());
        return folder;
    }
}
