using System.Text.Json;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Saving;

public sealed class StateDictTests
{
    public static TheoryData<string> Families => RoundTripTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_comes_back_from_its_state_dict(string name)
    {
        using var scope = torch.NewDisposeScope();
        var path = NewName();
        using var model = PretrainedModel.Load(Family.Folder(name), new() { Processing = Processing.None }).Model;
        model.SaveStateDict(path);
        using var other = PretrainedModel.Load(Family.Folder(name), new() { Processing = Processing.None }).Model;
        using (torch.no_grad())
        {
            other.Weights.Where(w => w.IsBound && w.TiedTo is null).ToList().ForEach(w => w.Value.zero_());
        }

        other.LoadStateDict(path);
        Assert.All(model.Weights, w => Assert.Equal(w.TiedTo?.Name, other.Weight(w.Name).TiedTo?.Name));
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(other.Weight(w.Name).Value), w.Name));
        Assert.Equal(model.ParameterCount, other.ParameterCount);
    }

    [Fact]
    public void Names_and_shapes_are_those_of_the_reference()
    {
        var (folder, path) = (Fixture.Folder("transformerlens/gpt2"), NewName());
        using var model = HookedTransformer.FromPretrained(folder);
        model.SaveStateDict(path);
        using var golden = Checkpoint.Open(Path.Combine(folder, "processed-weights.safetensors"));
        using var saved = Checkpoint.Open(path);
        Assert.Equal(golden.Tensors.Keys.Order(), saved.Tensors.Keys.Order());
        Assert.All(saved.Tensors.Keys, n => Assert.Equal(golden.Tensors[n].Shape, saved.Tensors[n].Shape));
    }

    [Fact]
    public void A_state_dict_of_the_reference_is_read()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder("transformerlens/gpt2");
        using var model = HookedTransformer.FromPretrained(folder);
        using var golden = Checkpoint.Open(Path.Combine(folder, "processed.safetensors"));
        var ids = golden.Read("input_ids");
        model.Weight("blocks.0.attn.W_Q").Value.zero_();
        model.LoadStateDict(Path.Combine(folder, "processed-weights.safetensors"));
        Assert.True(Golden.Distance(golden.Read("logits"), model.Forward(ids)) < 1e-4);
        Assert.Equal("unknown (state dict)", model.Source.Processing);
    }

    /// <summary>The reference calls grouped keys and values <c>_W_K</c>, and holds biases of zeros where the architecture has none.</summary>
    [Fact]
    public void Grouped_keys_and_values_have_the_names_of_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixture.Repository, "tests", "Fixtures", "transformerlens", "llama-gqa-state-dict.json")));
        var golden = facts.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (Shape: p.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray(), IsZero: p.Value.GetProperty("zeros").GetBoolean()));
        var (path, theirs) = (NewName(), NewName());
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("transformerlens/llama-gqa"));
        model.SaveStateDict(path);
        using var saved = Checkpoint.Open(path);
        Assert.Equal(golden.Where(g => !g.Value.IsZero).Select(g => g.Key).Order(), saved.Tensors.Keys.Order());
        Assert.All(saved.Tensors.Values, t => Assert.Equal(golden[t.Name].Shape, t.Shape));
        SafetensorsWriter.Write(theirs, golden.ToDictionary(g => g.Key, g => g.Value.IsZero ? torch.zeros(g.Value.Shape) : saved.Read(g.Key)));
        var unbound = model.Weights.Where(w => !w.IsBound).ToList();
        model.LoadStateDict(theirs);
        Assert.All(unbound, w => Assert.False(w.IsBound, w.Name));
    }

    [Fact]
    public void Experts_lie_one_by_one_under_the_names_of_the_reference()
    {
        var path = NewName();
        using var model = HookedTransformer.FromPretrained(Family.Folder("mixtral"), Processing.None);
        model.SaveStateDict(path);
        using var saved = Checkpoint.Open(path);
        var (experts, width, inner) = (4L, 48L, model.Config.DMlp);
        Assert.Equal([experts, width], saved.Tensors["blocks.0.mlp.W_gate.weight"].Shape);
        Assert.Equal([inner, width], saved.Tensors["blocks.1.mlp.experts.3.W_gate.weight"].Shape);
        Assert.Equal([inner, width], saved.Tensors["blocks.1.mlp.experts.3.W_in.weight"].Shape);
        Assert.Equal([width, inner], saved.Tensors["blocks.1.mlp.experts.3.W_out.weight"].Shape);
        Assert.DoesNotContain("blocks.0.mlp.W_router", saved.Tensors.Keys);
    }

    [Fact]
    public void Processed_weights_go_into_a_model_with_the_same_processing_and_no_other()
    {
        using var scope = torch.NewDisposeScope();
        var path = NewName();
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"));
        model.SaveStateDict(path);
        using var same = HookedTransformer.FromPretrained(Family.Folder("gpt2"));
        same.LoadStateDict(path);
        Assert.Equal(model.Source.Processing, same.Source.Processing);
        using var plain = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None);
        var before = plain.Forward(Family.Ids("gpt2"));
        var refusal = Assert.Throws<CheckpointMismatchException>(() => plain.LoadStateDict(path));
        Assert.Contains("names are missing: 'blocks.0.ln1.w'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("load the model with the same processing", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, Golden.Distance(before, plain.Forward(Family.Ids("gpt2"))));
    }

    [Fact]
    public void Missing_unknown_and_misshaped_names_are_all_named()
    {
        using var scope = torch.NewDisposeScope();
        var (path, broken) = (NewName(), NewName());
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None);
        model.SaveStateDict(path);
        using (var file = Checkpoint.Open(path))
        {
            var tensors = file.Tensors.Keys.ToDictionary(n => n == "blocks.0.attn.W_Q" ? "blocks.0.attn.W_QQ" : n, n => n == "blocks.1.mlp.b_in" ? torch.ones(5) : file.Read(n));
            SafetensorsWriter.Write(broken, tensors);
        }

        var before = model.Forward(Family.Ids("gpt2"));
        var refusal = Assert.Throws<CheckpointMismatchException>(() => model.LoadStateDict(broken));
        Assert.Contains("1 name is missing: 'blocks.0.attn.W_Q'. Did you mean 'blocks.0.attn.W_QQ'?", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 name belongs to no weight", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'blocks.1.mlp.b_in' has shape [5], the model's has [", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["blocks.0.attn.W_Q"], refusal.Missing);
        Assert.Equal(["blocks.0.attn.W_QQ"], refusal.Extra);
        Assert.Equal(0, Golden.Distance(before, model.Forward(Family.Ids("gpt2"))));
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        using var scope = torch.NewDisposeScope();
        var (path, packed) = (NewName(), NewName());
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None);
        model.SaveStateDict(path);
        using (var file = Checkpoint.Open(path))
        {
            SafetensorsWriter.Write(packed, file.Tensors.Keys.ToDictionary(n => n, n => n == "blocks.1.mlp.W_in" ? file.Read(n).to(torch.int8) : file.Read(n)));
        }

        var refusal = Assert.Throws<CheckpointMismatchException>(() => model.LoadStateDict(packed));
        Assert.Contains("'blocks.1.mlp.W_in' holds I8, and weights are real numbers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_of_old_state_dicts_are_left_out()
    {
        using var scope = torch.NewDisposeScope();
        var (path, old) = (NewName(), NewName());
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None);
        model.SaveStateDict(path);
        using (var file = Checkpoint.Open(path))
        {
            var tensors = file.Tensors.Keys.ToDictionary(n => n, file.Read);
            tensors["blocks.0.attn.mask"] = torch.ones(4, 4).to(torch.@bool);
            tensors["blocks.0.attn.IGNORE"] = torch.tensor(float.NegativeInfinity);
            SafetensorsWriter.Write(old, tensors);
        }

        Assert.Equal(["2 masks and tables were left out; they are computed."], model.LoadStateDict(old).Notes);
    }

    [Fact]
    public void The_file_says_where_it_comes_from()
    {
        var path = NewName();
        using var model = HookedTransformer.FromPretrained(Family.Folder("llama"));
        model.SaveStateDict(path);
        using var saved = Checkpoint.Open(path);
        Assert.Equal(("LlamaForCausalLM", model.Source.Processing, model.Source.Name, "Float32"), (saved.Metadata["architecture"], saved.Metadata["processing"], saved.Metadata["model"], saved.Metadata["dtype"]));
    }

    [Fact]
    public void A_file_that_is_there_is_not_replaced_unasked()
    {
        var path = NewName();
        using var model = HookedTransformer.FromPretrained(Family.Folder("gpt2"));
        model.SaveStateDict(path);
        Assert.Contains("there is such a file", Assert.Throws<SaveException>(() => model.SaveStateDict(path)).Message, StringComparison.Ordinal);
        model.SaveStateDict(path, new() { Overwrite = true });
        Assert.Contains("should end in .safetensors", Assert.Throws<ArgumentException>(() => model.SaveStateDict(path + ".pt")).Message, StringComparison.Ordinal);
        Assert.Contains("A state dict is one file", Assert.Throws<ArgumentException>(() => model.SaveStateDict(NewName(), new() { ShardBytes = 5 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_built_by_a_program_takes_a_state_dict()
    {
        using var scope = torch.NewDisposeScope();
        var path = NewName();
        using var model = HookedTransformer.FromPretrained(Family.Folder("llama-gqa"), Processing.None);
        model.SaveStateDict(path);
        using HookedTransformer built = new(model.Config);
        built.LoadStateDict(path);
        Assert.Equal(0, Golden.Distance(model.Forward(Family.Ids("llama-gqa")), built.Forward(Family.Ids("llama-gqa"))));
    }

    [Fact]
    public void Weights_of_a_state_dict_are_saved_as_the_architecture()
    {
        using var scope = torch.NewDisposeScope();
        var (path, folder) = (NewName(), Path.Combine(Fixture.EmptyFolder(), "saved"));
        using var model = HookedTransformer.FromPretrained(Family.Folder("llama-gqa"), Processing.None);
        model.Blocks[0].Attn!.WO.Value.mul_(2f);
        model.SaveStateDict(path);
        using var other = HookedTransformer.FromPretrained(Family.Folder("llama-gqa"), Processing.None);
        other.LoadStateDict(path);
        other.SavePretrained(folder);
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.Equal(0, Golden.Distance(model.Forward(Family.Ids("llama-gqa")), again.Forward(Family.Ids("llama-gqa"))));
    }

    private static string NewName() => Path.Combine(Fixture.EmptyFolder(), "weights.safetensors");
}
