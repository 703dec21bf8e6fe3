using System.Text.Json;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Saving;

public sealed class SavePretrainedTests
{
    private static readonly LoadOptions Plain = new() { Processing = Processing.None };

    [Theory]
    [InlineData("gpt2", "embed.W_E", "blocks.1.attn.W_Q")]
    [InlineData("llama-gqa", "blocks.0.attn.W_O", "blocks.1.attn.W_K")]
    [InlineData("gemma", "blocks.0.ln1.w", "ln_final.w")]
    [InlineData("mixtral", "blocks.0.mlp.W_out", "blocks.1.mlp.W_router")]
    [InlineData("falcon", "blocks.0.attn.W_V", "blocks.1.mlp.W_in")]
    public void Changed_weights_survive(string name, params string[] changed)
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(Family.Folder(name));
        var before = model.Forward(Family.Ids(name));
        using (torch.no_grad())
        {
            model.Weight(changed[0]).Value.mul_(1.25f);
            model.Weight(changed[1]).Set(model.Weight(changed[1]).Value.mul(1.5f));
        }

        model.SavePretrained(folder);
        using var again = Load(folder);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
        var after = model.Forward(Family.Ids(name));
        Assert.True(Golden.Distance(before, after) > 1e-3);
        Assert.Equal(0, Golden.Distance(after, again.Forward(Family.Ids(name))));
    }

    [Fact]
    public void An_unembedding_set_apart_from_its_embedding_is_written_and_the_config_says_so()
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(Family.Folder("gpt2"));
        model.Weight("unembed.W_U").Set(model.Weight("unembed.W_U").Value.mul(2f));
        var report = model.SavePretrained(folder);
        Assert.Contains(report.Notes, n => n.Contains("tie_word_embeddings=false", StringComparison.Ordinal));
        using var again = Load(folder);
        Assert.Equal(0, Golden.Distance(model.Forward(Family.Ids("gpt2")), again.Forward(Family.Ids("gpt2"))));
    }

    [Fact]
    public void A_large_model_lies_in_shards_with_an_index()
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(Family.Folder("llama"));
        var report = model.SavePretrained(folder, new() { ShardBytes = 40_000 });
        Assert.Contains("model.safetensors.index.json", report.Files);
        Assert.Contains(report.Files, f => f.StartsWith("model-00002-of-", StringComparison.Ordinal));
        using var again = Load(folder);
        Assert.Equal(0, Golden.Distance(model.Forward(Family.Ids("llama")), again.Forward(Family.Ids("llama"))));
    }

    [Fact]
    public void Another_type_is_written_and_named_in_the_config()
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(Family.Folder("gemma2"));
        model.SavePretrained(folder, new() { DType = torch.ScalarType.BFloat16 });
        using var file = Checkpoint.Open(folder);
        Assert.All(file.Tensors.Values, t => Assert.Equal(StoredType.BF16, t.Type));
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.Equal("bfloat16", config.RootElement.GetProperty("dtype").GetString());
        using var half = PretrainedModel.Load(Family.Folder("gemma2"), Plain with { DType = torch.ScalarType.BFloat16 }).Model;
        using var again = PretrainedModel.Load(folder, Plain with { DType = torch.ScalarType.BFloat16 }).Model;
        Assert.All(half.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
    }

    [Fact]
    public void A_number_too_large_for_the_type_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(Family.Folder("llama"));
        model.Weight("blocks.0.mlp.W_in").Value.mul_(1e7f);
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(folder, new() { DType = torch.ScalarType.Float16 }));
        Assert.Contains("'model.layers.0.mlp.up_proj.weight' holds numbers up to", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!));
    }

    [Fact]
    public void Processed_weights_are_refused_as_an_architecture()
    {
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"));
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(NewName()));
        Assert.Contains("was processed as it was loaded (fold_ln", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Processing.None", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_that_the_architecture_lacks_is_refused_by_name()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load(Family.Folder("llama"));
        model.Weight("unembed.b_U").Set(torch.ones(model.Config.DVocab));
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(NewName()));
        Assert.Contains("have no tensor for unembed.b_U", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["unembed.b_U"], refusal.Names);
    }

    [Theory]
    [InlineData("blocks.0.attn.W_Q", "are one weight in the files of AlbertForMaskedLM")]
    [InlineData("blocks.1.attn.W_Q", "have no tensor for blocks.1.attn.W_Q")]
    public void Blocks_that_share_their_weights_cannot_be_saved_apart(string changed, string said)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.FromPretrained(Family.Folder("albert"));
        var weight = model.Weight(changed);
        weight.Set(weight.Value.mul(2f));
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(NewName()));
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SaveStateDict", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_fused_tensor_that_holds_nothing_is_named()
    {
        using var model = Load(Family.Folder("gpt2"));
        model.Weight("blocks.1.attn.b_K").Unbind();
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(NewName()));
        Assert.Contains("'transformer.h.1.attn.c_attn.bias' is made of blocks.1.attn.b_Q, blocks.1.attn.b_K, blocks.1.attn.b_V, and blocks.1.attn.b_K holds nothing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_built_by_a_program_has_no_config_to_write()
    {
        using HookedTransformer model = new(Family.Config("llama"));
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(NewName()));
        Assert.Contains("no config.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_twice_gives_the_same_bytes()
    {
        using var model = Load(Family.Folder("gpt2"));
        var (a, b) = (NewName(), NewName());
        model.SavePretrained(a);
        model.SavePretrained(b);
        Assert.All(Directory.GetFiles(a), f => Assert.Equal(File.ReadAllBytes(f), File.ReadAllBytes(Path.Combine(b, Path.GetFileName(f)))));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Family.Folder("gpt2"), "model.safetensors")), File.ReadAllBytes(Path.Combine(a, "model.safetensors")));
    }

    private static HookedTransformer Load(string folder) => HookedTransformer.FromPretrained(folder, Processing.None);

    private static string NewName() => Path.Combine(Fixture.EmptyFolder(), "saved");
}
