using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Issues;

/// <summary>Faults that users met with mixtures of experts elsewhere.</summary>
public sealed class ExpertFaultTests
{
    [Theory]
    [InlineData("mixtral", "block_sparse_moe.experts", "w1", "w3", "w2")]
    [InlineData("qwen2-moe", "mlp.experts", "gate_proj", "up_proj", "down_proj")]
    [InlineData("dots1", "mlp.experts", "gate_proj", "up_proj", "down_proj")]
    public void A_fused_and_a_per_expert_file_of_the_same_numbers_give_the_same_logits(string family, string experts, string gate, string up, string down)
    {
        using var scope = torch.NewDisposeScope();
        using var single = Family.Load(family);
        var folder = Directory.CreateTempSubdirectory("fathom-fused-").FullName;
        using (var file = Checkpoint.Open(Path.Combine(Family.Folder(family), "model.safetensors")))
        {
            Dictionary<string, Tensor> fused = [];
            foreach (var name in file.Tensors.Keys.Where(n => !n.Contains($"{experts}.", StringComparison.Ordinal)))
            {
                fused[name] = file.Read(name);
            }

            foreach (var layer in Enumerable.Range(0, single.Config.NLayers).Where(l => single.Blocks[l].Mlp is MixtureOfExperts))
            {
                Tensor Stacked(string projection) => torch.stack([.. Enumerable.Range(0, 4).Select(e => file.Read($"model.layers.{layer}.{experts}.{e}.{projection}.weight"))]);
                fused[$"model.layers.{layer}.mlp.experts.gate_up_proj"] = torch.cat([Stacked(gate), Stacked(up)], 1);
                fused[$"model.layers.{layer}.mlp.experts.down_proj"] = Stacked(down);
            }

            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), fused);
        }

        File.Copy(Path.Combine(Family.Folder(family), "config.json"), Path.Combine(folder, "config.json"));
        using var joined = HookedTransformer.FromPretrained(folder, Processing.None);
        var ids = Family.Ids(family);
        Assert.True(single.Forward(ids).Equals(joined.Forward(ids)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_file_without_one_expert_is_refused_by_that_experts_name()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("fathom-fewer-").FullName;
        using (var file = Checkpoint.Open(Path.Combine(Family.Folder("mixtral"), "model.safetensors")))
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), file.Tensors.Keys.Where(n => n != "model.layers.1.block_sparse_moe.experts.2.w3.weight").ToDictionary(n => n, file.Read));
        }

        File.Copy(Path.Combine(Family.Folder("mixtral"), "config.json"), Path.Combine(folder, "config.json"));
        var refused = Assert.Throws<CheckpointMismatchException>(() => HookedTransformer.FromPretrained(folder));
        Assert.Contains("first blocks.1.mlp.W_in, which 'model.layers.1.block_sparse_moe.experts.2.w3.weight' should fill", refused.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("mixtral", true)]
    [InlineData("qwen2-moe", false)]
    [InlineData("qwen3-moe", true)]
    [InlineData("olmoe", false)]
    [InlineData("hunyuan-moe", true)]
    public void Router_points_mean_what_they_say(string family, bool renormalized)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        Recorded run = new(model, Family.Ids(family));
        var raw = run["blocks.0.mlp.hook_router_logits"];
        Assert.True((raw.sum(-1) - 1).abs().min().item<float>() > 1e-3, "raw logits sum to one");
        var probabilities = raw.softmax(-1);
        Assert.True(Distance(probabilities, run["blocks.0.mlp.hook_expert_weights"]) < 1e-6);
        var (best, indices) = probabilities.topk(2);
        Assert.True(indices.Equals(run["blocks.0.mlp.hook_expert_indices"]));
        var used = renormalized ? best / best.sum(-1, keepdim: true) : best;
        Assert.True(Distance(used, run["blocks.0.mlp.hook_router_weights"]) < 1e-6);
    }

    [Theory]
    [InlineData("olmoe")]
    [InlineData("qwen2-moe")]
    public void Softmax_comes_over_all_experts_first_where_the_config_does_not_renormalise(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var sums = new Recorded(model, Family.Ids(family))["blocks.0.mlp.hook_router_weights"].sum(-1);
        Assert.True(sums.max().item<float>() < 1 - 1e-4, $"weights used sum to {sums.max().item<float>()}");
    }

    [Fact]
    public void Neuron_points_are_d_mlp_wide_or_do_not_exist()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("qwen3-moe");
        var (sparse, dense) = ((MixtureOfExpertsConfig)model.Config.Blocks[0].Mlp!, model.Config.Blocks[1].Mlp!);
        Recorded run = new(model, Family.Ids("qwen3-moe"));
        Assert.Equal(dense.DMlp, run["blocks.1.mlp.hook_post"].shape[2]);
        Assert.Equal(sparse.DMlp, run["blocks.0.mlp.experts.0.hook_post"].shape[2]);
        Assert.NotEqual(dense.DMlp, sparse.DMlp);

        var refused = Assert.Throws<UnknownHookException>(() => model.Point("blocks.0.mlp.hook_post"));
        Assert.Contains("'blocks.0.mlp' is a mixture of experts: neurons are those of its experts, at 'blocks.0.mlp.experts.{e}.' hook_gate, hook_pre, hook_post.", refused.Message, StringComparison.Ordinal);
        using var mixtral = Family.Load("mixtral");
        PatchingSweep sweep = new() { From = new[] { new[] { 1, 2, 3 } }, Into = new[] { new[] { 1, 5, 3 } }, Site = Site.MlpPost, Over = [Axis.Layer], Metric = Metric.Logit(2) };
        Assert.Contains("mixtures of experts, each with neurons of its own", Assert.Throws<SweepInputException>(() => sweep.Run(mixtral)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_an_expert_are_those_routed_to_it_and_the_sum_of_experts_is_what_is_added()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("mixtral");
        Recorded run = new(model, Family.Ids("mixtral"));
        var mlp = (MixtureOfExperts)model.Blocks[1].Mlp!;
        var x = run["blocks.1.ln2.hook_normalized"] * model.Blocks[1].Ln2!.W!.Value;
        var (weights, indices) = (run["blocks.1.mlp.hook_router_weights"], run["blocks.1.mlp.hook_expert_indices"]);
        var sum = torch.zeros_like(x);
        for (var e = 0; e < 4; e++)
        {
            var post = torch.nn.functional.silu(x.matmul(mlp.WGate.Value[e])) * x.matmul(mlp.WIn.Value[e]);
            var goes = indices.eq(e).any(-1, keepdim: true);
            Assert.True(Distance(post * goes, run[$"blocks.1.mlp.experts.{e}.hook_post"]) < 1e-5);
            sum += (weights * indices.eq(e)).sum(-1, keepdim: true) * post.matmul(mlp.WOut.Value[e]);
        }

        Assert.True(Distance(sum, run["blocks.1.hook_mlp_out"]) < 1e-5);
    }

    [Fact]
    public void Writing_to_rows_that_an_expert_does_not_get_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("mixtral");
        var ids = Family.Ids("mixtral");
        var elsewhere = new Recorded(model, ids)["blocks.0.mlp.hook_expert_indices"].ne(2).all(-1, keepdim: true);
        var edited = model.Forward(ids, new() { Hooks = [("blocks.0.mlp.experts.2.hook_post", (x, _) => x + (elsewhere * 100))] });
        Assert.True(model.Forward(ids).Equals(edited));
    }

    [Theory]
    [InlineData("mixtral")]
    [InlineData("gpt-oss")]
    [InlineData("llama4")]
    public void Only_the_chosen_experts_are_computed(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family).narrow(0, 0, 1).narrow(1, 0, 1);
        Recorded run = new(model, ids);
        foreach (var mlp in model.Blocks.Select(b => b.Mlp).OfType<MixtureOfExperts>())
        {
            var chosen = run[mlp.Router.HookExpertIndices.Name].data<long>().ToArray();
            foreach (var e in Enumerable.Range(0, 4).Where(e => !chosen.Contains(e)))
            {
                mlp.WGate.Value[e].fill_(float.NaN);
                mlp.WOut.Value[e].fill_(float.NaN);
            }
        }

        Assert.True(run.Logits.Equals(model.Forward(ids)));
    }

    [Fact]
    public void The_correction_of_a_choice_keeps_its_32_bits_in_a_model_of_16()
    {
        using var wide = Family.Load("glm4-moe");
        using var half = Family.Load("glm4-moe", options: new() { DType = torch.bfloat16, Processing = Processing.None });
        Assert.Equal(torch.bfloat16, half.Weight("blocks.1.mlp.W_router").Value.dtype);
        using var scope = torch.NewDisposeScope();
        Assert.False(half.Forward(Family.Ids("glm4-moe")).isnan().any().item<bool>());
        Assert.True(wide.Weight("blocks.1.mlp.b_correction").Value.Equals(half.Weight("blocks.1.mlp.b_correction").Value));
    }

    [Fact]
    public void An_expert_that_does_not_exist_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("mixtral");
        var ids = Family.Ids("mixtral");
        var refused = Assert.Throws<HookValueException>(() => model.Forward(ids, new() { Hooks = [("blocks.0.mlp.hook_expert_indices", (x, _) => x + 2)] }));
        Assert.Equal("A hook at 'blocks.0.mlp.hook_expert_indices' returned the expert 5; there are 4, numbered from 0.", refused.Message);
        Assert.Equal("blocks.0.mlp.hook_expert_indices", refused.Point.Name);
    }

    [Fact]
    public void A_sweep_over_experts_names_them_and_equals_the_plain_loop()
    {
        using var model = Family.Load("olmoe");
        PatchingSweep sweep = new()
        {
            From = new[] { new[] { 1, 2, 3, 9 } },
            Into = new[] { new[] { 1, 5, 3, 9 } },
            Site = Site.RouterLogits,
            Over = [Axis.Layer, Axis.Expert],
            Metric = Metric.LogitDifference(2, 7),
        };
        var (engine, plain) = (sweep.Run(model, new() { Path = SweepPath.Engine }), sweep.Run(model, new() { Path = SweepPath.Plain }));
        Assert.Equal("expert", engine.Axes[1].Name);
        Assert.Equal(["E0", "E1", "E2", "E3"], engine.Axes[1].Labels);
        Assert.True(engine.Values.Distinct().Count() > 2, "no expert matters");
        Assert.All(engine.Values.Zip(plain.Values), v => Assert.Equal(v.First, v.Second, 1e-4));
    }

    [Fact]
    public void A_mean_of_indices_is_refused()
    {
        using var model = Family.Load("mixtral");
        PatchingSweep sweep = new()
        {
            From = new[] { new[] { 1, 2, 3 } },
            Into = new[] { new[] { 1, 5, 3 } },
            Site = Site.Named("blocks.{i}.mlp.hook_expert_indices"),
            Over = [Axis.Layer],
            Metric = Metric.Logit(2),
            Replacement = Replacement.Mean(new[] { new[] { 7, 8, 9 } }),
        };
        Assert.Contains("a mean of indices names nothing", Assert.Throws<SweepInputException>(() => sweep.Run(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mixtral")]
    [InlineData("llama4")]
    [InlineData("jetmoe")]
    public void The_same_run_gives_the_same_bits(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        var first = model.Forward(ids);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(first.Equals(model.Forward(ids))));
    }
}
