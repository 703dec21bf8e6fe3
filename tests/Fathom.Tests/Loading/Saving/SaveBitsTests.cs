using System.Runtime.InteropServices;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Saving;

public sealed class SaveBitsTests
{
    private const string Probe = "model.layers.1.mlp.up_proj.weight";

    [Theory]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Sixteen_bit_words_survive_loading_and_saving(torch.ScalarType type)
    {
        // Subnormals, -0, the largest numbers, infinities and every payload of a NaN, as far as they fit.
        var source = Source(type, i => (short)(i * 17));
        var folder = NewName();
        using var model = PretrainedModel.Load(source, new() { Processing = Processing.None, DType = type }).Model;
        model.SavePretrained(folder);
        RequireSameBytes(source, folder);
    }

    [Theory]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Sixteen_bit_numbers_survive_a_model_of_32(torch.ScalarType type)
    {
        // The upper bits of a word that is a number: its exponent is not all ones.
        var ones = type == torch.ScalarType.BFloat16 ? 0x7F80 : 0x7C00;
        var source = Source(type, i => (short)((i * 17 & ones) == ones ? 0x8001 : i * 17));
        var folder = NewName();
        using var model = PretrainedModel.Load(source, new() { Processing = Processing.None }).Model;
        model.SavePretrained(folder, new() { AsStored = true });
        RequireSameBytes(source, folder);
    }

    [Theory]
    [InlineData("solu-ln-2l")]
    [InlineData("shortformer-2l")]
    public void Models_with_a_config_of_their_own_come_back(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder($"toys/{name}"), Processing.None);
        var report = model.SavePretrained(folder);
        Assert.Contains(report.Notes, n => n.Contains("names no class of Hugging Face's", StringComparison.Ordinal));
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
        var ids = torch.tensor([1L, 2, 3, 4, 5]).unsqueeze(0);
        Assert.Equal(0, Golden.Distance(model.Forward(ids), again.Forward(ids)));
    }

    [Fact]
    public void A_checkpoint_of_nanoGPT_becomes_a_folder()
    {
        using var scope = torch.NewDisposeScope();
        var (file, folder, config) = (Path.Combine(Fixture.EmptyFolder(), "ckpt.pt"), NewName(), Family.Config("gpt2"));
        using (var gpt2 = Checkpoint.Open(Path.Combine(Family.Folder("gpt2"), "model.safetensors")))
        {
            TorchSave.Write(file, new Dictionary<string, object>
            {
                ["model"] = gpt2.Tensors.Keys.ToDictionary(n => n, n => (object)(n.Contains(".c_", StringComparison.Ordinal) && n.EndsWith(".weight", StringComparison.Ordinal) ? gpt2.Read(n).transpose(0, 1).contiguous() : gpt2.Read(n))),
                ["model_args"] = new Dictionary<string, object> { ["n_layer"] = config.NLayers, ["n_head"] = config.NHeads, ["n_embd"] = config.DModel, ["block_size"] = config.NCtx, ["bias"] = true, ["vocab_size"] = config.DVocab },
            });
        }

        using var model = HookedTransformer.FromPretrained(file, Processing.None);
        model.SavePretrained(folder);
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.Equal("nanogpt", again.Config.Architecture);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
    }

    [Fact]
    public void A_model_that_was_known_by_the_name_of_its_folder_says_what_it_is()
    {
        using var scope = torch.NewDisposeScope();
        using TemporaryToy old = new("solu-ln-2l", "SoLU_2L_v10_old");
        old.Tensors = old.Tensors.ToDictionary(
            t => t.Key.Replace("ln_final", "norm", StringComparison.Ordinal).Replace("ln1", "norm1", StringComparison.Ordinal).Replace("ln2", "norm2", StringComparison.Ordinal).Replace("mlp.ln", "mlp.norm", StringComparison.Ordinal),
            t => t.Key.Contains("W_", StringComparison.Ordinal) ? t.Value.transpose(-2, -1).contiguous() : t.Value);
        old.Save([]);
        var folder = NewName();
        using var model = HookedTransformer.FromPretrained(old.Path, Processing.None);
        model.SavePretrained(folder);
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.Equal("neel-solu-old", again.Config.Architecture);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
    }

    [Fact]
    public void A_state_dict_of_torch_save_is_read()
    {
        using var scope = torch.NewDisposeScope();
        var (written, pickled) = (Path.Combine(Fixture.EmptyFolder(), "a.safetensors"), Path.Combine(Fixture.EmptyFolder(), "a.pth"));
        using var model = HookedTransformer.FromPretrained(Family.Folder("llama-gqa"), Processing.None);
        model.Weight("blocks.0.attn.W_K").Value.mul_(2f);
        model.SaveStateDict(written);
        using (var file = Checkpoint.Open(written))
        {
            TorchSave.Write(pickled, file.Tensors.Keys.ToDictionary(n => n, n => (object)file.Read(n)));
        }

        using var other = HookedTransformer.FromPretrained(Family.Folder("llama-gqa"), Processing.None);
        other.LoadStateDict(pickled);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(other.Weight(w.Name).Value), w.Name));
    }

    /// <summary>Llama's fixture in 16 bits, with one tensor of chosen words.</summary>
    private static string Source(torch.ScalarType type, Func<int, short> word)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy("families/llama");
        Dictionary<string, Tensor> tensors = [];
        using (var original = Checkpoint.Open(Path.Combine(folder, "model.safetensors")))
        {
            foreach (var name in original.Tensors.Keys)
            {
                tensors[name] = original.Read(name).to(type).clone();
            }
        }

        var words = MemoryMarshal.Cast<byte, short>(tensors[Probe].bytes);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = word(i);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        return folder;
    }

    private static void RequireSameBytes(string source, string folder) =>
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "model.safetensors")), File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));

    private static string NewName() => Path.Combine(Fixture.EmptyFolder(), "saved");
}
