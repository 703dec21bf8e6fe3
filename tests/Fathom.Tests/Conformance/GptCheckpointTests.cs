using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>Checkpoints of minGPT and nanoGPT, made out of GPT-2's fixture.</summary>
public sealed class GptCheckpointTests
{
    private static readonly long[,] Ids = { { 5, 1, 9, 100, 7, 3 }, { 3, 3, 60, 2, 4, 1 } };

    [Theory]
    [InlineData("")]
    [InlineData("_orig_mod.")]
    [InlineData("module.")]
    public void A_checkpoint_of_nanoGPT_gives_the_logits_of_the_same_weights_as_GPT_2(string wrapper)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Gpt2("gelu");
        var file = NanoFile(wrapper);
        var (nano, report) = HookedTransformer.LoadPretrained(file, Processing.None);
        using var owned = nano;
        using var folder = HookedTransformer.FromPretrained(Path.GetDirectoryName(file)!, Processing.None);
        Assert.Equal("nanogpt", nano.Config.Architecture);
        Assert.True(Same(model, nano));
        Assert.True(Same(model, folder));
        Assert.Contains(report.Notes, n => n.Contains("after 2000 iterations", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Contains("holds the same numbers twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_of_minGPT_gives_the_logits_of_the_same_weights_as_GPT_2()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Gpt2("gelu_new");
        var file = Save("model.pt", Linear("", masks: true));
        var missing = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(file));
        Assert.Contains("{\"architecture\": \"mingpt\", \"n_head\": 6}", missing.Message, StringComparison.Ordinal);
        Write(file, """{"architecture": "mingpt", "n_head": 4}""");
        using var later = HookedTransformer.FromPretrained(file, Processing.None);
        Assert.True(Same(model, later));

        // As minGPT writes it: a section, a size by name or numbers, null for what the name decides.
        Write(file, """{"system": {"work_dir": "out"}, "model": {"model_type": "gpt-micro", "n_layer": null, "n_head": null, "n_embd": null, "vocab_size": null, "block_size": null, "embd_pdrop": 0.1, "resid_pdrop": 0.1, "attn_pdrop": 0.1}, "trainer": {}}""");
        using var named = HookedTransformer.FromPretrained(file, Processing.None);
        Assert.True(Same(model, named));
    }

    [Fact]
    public void The_first_minGPT_has_separate_queries_keys_and_values()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Gpt2("gelu");
        using var source = Checkpoint.Open(Path.Combine(Family.Folder("gpt2"), "model.safetensors"));
        Dictionary<string, object> state = [];
        foreach (var (name, tensor) in Linear("", masks: false))
        {
            var ours = name.Replace("transformer.", "", StringComparison.Ordinal).Replace("h.", "blocks.", StringComparison.Ordinal).Replace("ln_1", "ln1", StringComparison.Ordinal).Replace("ln_2", "ln2", StringComparison.Ordinal)
                .Replace("c_fc", "0", StringComparison.Ordinal).Replace("mlp.c_proj", "mlp.2", StringComparison.Ordinal).Replace("c_proj", "proj", StringComparison.Ordinal).Replace("wte", "tok_emb", StringComparison.Ordinal).Replace("lm_head", "head", StringComparison.Ordinal);
            if (ours.Contains("c_attn", StringComparison.Ordinal))
            {
                foreach (var (part, kind) in ((Tensor)tensor).chunk(3, 0).Zip(["query", "key", "value"]))
                {
                    state[ours.Replace("c_attn", kind, StringComparison.Ordinal)] = part.contiguous();
                }
            }
            else
            {
                state[ours == "wpe.weight" ? "pos_emb" : ours] = ours == "wpe.weight" ? ((Tensor)tensor).unsqueeze(0) : tensor;
            }
        }

        var file = Save("final.pth", state);
        Write(file, $$"""{"architecture": "mingpt", "d_model": {{model.Config.DModel}}, "n_layers": {{model.Config.NLayers}}, "n_heads": 4, "n_ctx": {{model.Config.NCtx}}, "d_vocab": {{model.Config.DVocab}}, "d_mlp": {{model.Config.DMlp}}, "act_fn": "gelu", "attn_only": false, "normalization_type": "LN"}""");
        using var first = HookedTransformer.FromPretrained(file, Processing.None);
        Assert.True(Same(model, first));
        Write(file, """{"architecture": "mingpt", "n_head": 4, "activation_function": "gelu"}""");
        using var short_ = HookedTransformer.FromPretrained(file, Processing.None);
        Assert.True(Same(model, short_));
    }

    [Fact]
    public void A_checkpoint_without_biases_has_none()
    {
        using var scope = torch.NewDisposeScope();
        var file = NanoFile("", bias: false);
        using var model = HookedTransformer.FromPretrained(file, Processing.None);
        Assert.DoesNotContain(model.Weights, w => w.IsBound && w.Name.Contains(".b", StringComparison.Ordinal) && !w.Name.Contains("blocks.", StringComparison.Ordinal));
        Assert.All(model.Blocks, b => Assert.False(b.Attn!.BQ.IsBound));
        using var processed = HookedTransformer.FromPretrained(file);
        var ids = torch.tensor(Ids);
        Assert.True((model.Forward(ids).log_softmax(-1) - processed.Forward(ids).log_softmax(-1)).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void Refuses_what_it_does_not_know_by_name()
    {
        var file = Save("model.pt", Linear("", masks: false));
        Refused("""{"n_head": 4}""", "architecture", "\"mingpt\" or \"nanogpt\"");
        Refused("""{"architecture": "mingpt"}""", "n_head", "the weights do not tell the number of heads");
        Refused("""{"model": {"model_type": "gpt-huge"}}""", "n_head", "'gpt-huge' is none of minGPT's");
        Refused("""{"architecture": "mingpt", "n_head": 5}""", "n_head", "not a multiple");
        Refused("""{"architecture": "nanogpt", "n_head": 4, "n_kv_heads": 2}""", "n_kv_heads", "does not honour");
        var nano = NanoFile("");
        Write(nano, """{"n_head": 2}""");
        Assert.Contains("was saved with 4", Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(nano)).Message, StringComparison.Ordinal);
        var other = Save("other.pt", new Dictionary<string, object> { ["layer.weight"] = torch.ones(2, 2) });
        Assert.Contains("has no config.json beside it", Assert.Throws<ModelNotFoundException>(() => HookedTransformer.FromPretrained(other)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no such file", Assert.Throws<ModelNotFoundException>(() => HookedTransformer.FromPretrained("out/ckpt.pt")).Message, StringComparison.Ordinal);

        void Refused(string config, string key, string said)
        {
            Write(file, config);
            var error = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(file));
            Assert.Contains(key, error.Keys);
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }
    }

    private static bool Same(HookedTransformer one, HookedTransformer other) => one.Forward(torch.tensor(Ids)).Equals(other.Forward(torch.tensor(Ids)));

    private static HookedTransformer Gpt2(string activation)
    {
        var folder = Fixture.Copy("families/gpt2");
        var path = Path.Combine(folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["activation_function"] = activation;
        File.WriteAllText(path, config.ToJsonString());
        return HookedTransformer.FromPretrained(folder, Processing.None);
    }

    private static string NanoFile(string wrapper, bool bias = true)
    {
        var state = Linear(wrapper, masks: false).Where(t => bias || !t.Key.EndsWith(".bias", StringComparison.Ordinal)).ToDictionary();
        var config = Family.Config("gpt2");
        return Save("ckpt.pt", new Dictionary<string, object>
        {
            ["model"] = state,
            ["optimizer"] = new Dictionary<string, object> { ["state"] = new Dictionary<string, object> { ["0"] = new Dictionary<string, object> { ["exp_avg"] = torch.ones(3) } } },
            ["model_args"] = new Dictionary<string, object> { ["n_layer"] = config.NLayers, ["n_head"] = config.NHeads, ["n_embd"] = config.DModel, ["block_size"] = config.NCtx, ["bias"] = bias, ["vocab_size"] = config.DVocab, ["dropout"] = 0.1 },
            ["iter_num"] = 2000,
            ["best_val_loss"] = torch.tensor(1.5f),
            ["config"] = new Dictionary<string, object> { ["out_dir"] = "out", ["eval_interval"] = 250, ["compile"] = true },
        });
    }

    /// <summary>GPT-2's weights as linear layers hold them: output axis first.</summary>
    private static Dictionary<string, object> Linear(string wrapper, bool masks)
    {
        using var source = Checkpoint.Open(Path.Combine(Family.Folder("gpt2"), "model.safetensors"));
        Dictionary<string, object> state = [];
        foreach (var name in source.Tensors.Keys)
        {
            var tensor = source.Read(name);
            state[wrapper + name] = name.Contains(".c_", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) ? tensor.transpose(0, 1).contiguous() : tensor;
        }

        state[$"{wrapper}lm_head.weight"] = state[$"{wrapper}transformer.wte.weight"];
        for (var i = 0; masks && i < Family.Config("gpt2").NLayers; i++)
        {
            state[$"transformer.h.{i}.attn.bias"] = torch.ones(1, 1, 4, 4).tril();
        }

        return state;
    }

    private static string Save(string name, Dictionary<string, object> root)
    {
        var path = Path.Combine(Fixture.EmptyFolder(), name);
        TorchSave.Write(path, root);
        return path;
    }

    private static void Write(string beside, string config) => File.WriteAllText(Path.Combine(Path.GetDirectoryName(beside)!, "config.json"), config);
}
