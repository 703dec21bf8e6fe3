using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Issues;

/// <summary>Faults of gradients that users met elsewhere.</summary>
public sealed class GradientFaultTests
{
    private static readonly LoadOptions Exact = new() { DType = torch.ScalarType.Float64 };

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    [InlineData("gemma2")]
    public void Gradients_at_any_point_of_any_batch_row_are_those_of_single_runs(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        CacheOptions options = new() { GradientOf = l => l.select(1, -1).select(1, 3).sum() };
        using var both = model.RunWithCache(ids, options: options);
        for (var row = 0; row < 2; row++)
        {
            using var single = model.RunWithCache(ids.narrow(0, row, 1), options: options);
            foreach (var (name, gradient) in single.Cache.Gradients)
            {
                var of = both.Cache.Gradients[name];
                of = model.Point(name).Axes.Names[0] == "batch" ? of.narrow(0, row, 1) : of;
                Assert.True(Golden.Distance(gradient, of) <= 1e-5 * Math.Max(1, gradient.abs().max().item<float>()), $"{family}: {name}, row {row}: {Golden.Distance(gradient, of)}");
            }
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    public void Gradients_at_reshaped_points_are_finite_differences(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family, options: Exact);
        var ids = Family.Ids(family);
        Tensor Metric(Tensor l) => l.select(1, -1).select(1, 3).sum();
        using var run = model.RunWithCache(ids, options: new() { GradientOf = Metric });
        foreach (var name in new[] { "blocks.0.attn.hook_z", "blocks.1.attn.hook_q", "blocks.0.attn.hook_k", "blocks.1.attn.hook_pattern", "blocks.0.mlp.hook_post", "blocks.1.hook_resid_mid" })
        {
            var gradient = run.Cache.Gradients[name];
            var flat = gradient.reshape(-1);
            // The five entries that matter most: a difference of nothing proves nothing.
            foreach (var entry in flat.abs().topk(5).Item2.data<long>().ToArray())
            {
                double At(double step)
                {
                    using var inner = torch.NewDisposeScope();
                    return Metric(model.RunWithHooks(ids, (name, (x, _) =>
                    {
                        var moved = x.clone();
                        moved.view(-1)[entry] += step;
                        return moved;
                    }))).item<double>();
                }

                var difference = (At(1e-5) - At(-1e-5)) / 2e-5;
                var exact = flat[entry].item<double>();
                Assert.True(Math.Abs(difference - exact) <= 1e-3 * Math.Abs(exact), $"{family}: {name}[{entry}]: {exact}, by differences {difference}");
            }
        }
    }

    [Fact]
    public void Two_metrics_on_one_run_both_work()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt2");
        var ids = Family.Ids("gpt2");
        Tensor First(Tensor l) => l.select(1, -1).select(1, 3).sum();
        Tensor Second(Tensor l) => l.select(1, 4).select(1, 7).sum();
        using var together = model.RunWithCache(ids, "blocks.*.attn.hook_z", new() { GradientOf = First, GradientsOf = new Dictionary<string, Func<Tensor, Tensor>> { ["second"] = Second, ["first again"] = First } });
        using var first = model.RunWithCache(ids, "blocks.*.attn.hook_z", new() { GradientOf = First });
        using var second = model.RunWithCache(ids, "blocks.*.attn.hook_z", new() { GradientOf = Second });

        foreach (var name in first.Cache.Names)
        {
            Assert.Equal(0, Golden.Distance(first.Cache.Gradients[name], together.Cache.Gradients[name]));
            Assert.Equal(0, Golden.Distance(second.Cache.Gradients[name], together.Cache.GradientsOf["second"][name]));
            Assert.Equal(0, Golden.Distance(first.Cache.Gradients[name], together.Cache.GradientsOf["first again"][name]));
        }
    }

    [Fact]
    public void A_backward_hook_sees_the_gradient_and_what_it_returns_flows_on()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt2");
        var ids = Family.Ids("gpt2");
        Tensor Metric(Tensor l) => l.select(1, -1).select(1, 3).sum();
        Tensor? seen = null;
        using var plain = model.RunWithCache(ids, options: new() { GradientOf = Metric });
        using var cut = model.RunWithCache(ids, options: new()
        {
            GradientOf = Metric,
            BackwardHooks = [("blocks.1.hook_attn_out", (g, _) => { seen = g.clone().DetachFromDisposeScope(); return torch.zeros_like(g); }), ("blocks.*.hook_mlp_out", (g, _) => g.mul(2))],
        });

        Assert.True(Golden.Distance(plain.Logits, cut.Logits) == 0);
        Assert.True(Golden.Distance(cut.Cache.Gradients["blocks.1.hook_attn_out"], seen!) == 0);
        Assert.True(cut.Cache.Gradients["blocks.1.attn.hook_z"].abs().max().item<float>() == 0, "nothing flows behind a gradient of zeros");
        Assert.True(plain.Cache.Gradients["blocks.1.attn.hook_z"].abs().max().item<float>() > 0);
        // The stream's gradient after the last block is untouched, and what its MLP's hidden neurons get is doubled.
        var last = $"blocks.{model.Config.NLayers - 1}";
        Assert.Equal(0, Golden.Distance(plain.Cache.Gradients[$"{last}.hook_mlp_out"], cut.Cache.Gradients[$"{last}.hook_mlp_out"]));
        Assert.True(Golden.Distance(plain.Cache.Gradients[$"{last}.mlp.hook_post"].mul(2), cut.Cache.Gradients[$"{last}.mlp.hook_post"]) < 1e-6);
        seen!.Dispose();
    }

    [Fact]
    public void A_backward_hook_that_fails_or_is_never_reached_fails_the_run()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt2");
        var ids = Family.Ids("gpt2");
        CachedRun Run(NameFilter point, HookFunction function, Func<Tensor, Tensor>? metric = null) =>
            model.RunWithCache(ids, options: new() { GradientOf = metric ?? (l => l.sum()), BackwardHooks = [(point, function)] });

        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => Run("blocks.0.attn.hook_z", (_, _) => throw new InvalidOperationException("mine"))).Message);
        Assert.Contains("blocks.0.attn.hook_z", Assert.Throws<HookShapeException>(() => Run("blocks.0.attn.hook_z", (g, _) => g.narrow(1, 0, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownHookException>(() => Run("blocks.0.attn.hook_zz", (g, _) => g));
        // A constant depends on nothing.
        Assert.Contains("no gradient flows through it", Assert.Throws<HookNeverFiredException>(() => Run("blocks.0.attn.hook_z", (g, _) => g, l => l.sum().mul(0).detach().requires_grad_())).Message, StringComparison.Ordinal);
        Assert.Contains("GradientOf", Assert.Throws<ArgumentException>(() => model.RunWithCache(ids, options: new() { BackwardHooks = [("blocks.0.attn.hook_z", (g, _) => g)] })).Message, StringComparison.Ordinal);
    }
}
