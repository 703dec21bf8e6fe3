using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Models;

/// <summary>Every activation, weight and gradient of the reference library's tiny GPT-2.</summary>
public sealed class Gpt2GoldenTests
{
    private const string Name = "transformerlens/gpt2";

    [Theory]
    [InlineData("unprocessed", false)]
    [InlineData("processed", true)]
    public void Every_activation_equals_the_reference(string file, bool processed)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder(Name), processed ? Processing.Default : Processing.None);
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder(Name), $"{file}.safetensors"));
        var run = model.RunWithCache(golden.Read("input_ids"));
        Assert.Equal(0, Golden.Distance(golden.Read("logits"), run.Logits), 4);
        var names = golden.Tensors.Keys.Where(n => n.Contains("hook_", StringComparison.Ordinal)).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), run.Cache.Names.Order(StringComparer.Ordinal));
        Assert.All(names, n => Assert.Equal(0, Golden.Distance(golden.Read(n), run.Cache[n]), 4));
        Assert.Equal((double)golden.Read("loss").item<float>(), model.Loss(golden.Read("input_ids")), 4);
    }

    [Theory]
    [InlineData("default", null)]
    [InlineData("result-split-mlp_in", "blocks.*.attn.hook_result,blocks.*.hook_q_input,blocks.*.hook_k_input,blocks.*.hook_v_input,blocks.*.hook_mlp_in")]
    [InlineData("attn_in", "blocks.*.hook_attn_in")]
    public void Points_fire_in_the_reference_order(string order, string? optional)
    {
        using var model = HookedTransformer.FromPretrained(Fixture.Folder(Name), Processing.None);
        List<string> fired = [];
        model.AddHook(Golden.WithOptional(model, optional), (_, point) => fired.Add(point.Name));
        using var ids = torch.arange(9).unsqueeze(0).to(torch.int64);
        model.Forward(ids).Dispose();
        var expected = Golden.FiringOrder(Path.Combine(Fixture.Folder(Name), "hook-order.json"), order);
        // With split inputs the norm runs once per reader there and here; without, the reference runs it three times and this library once.
        Assert.Equal(expected.Distinct(), fired.Distinct());
        Assert.All(fired.Where(n => !n.Contains("ln1", StringComparison.Ordinal)).GroupBy(n => n), g => Assert.Single(g));
    }

    [Theory]
    [InlineData("optional-result-split-mlp_in", "blocks.*.attn.hook_result,blocks.*.hook_q_input,blocks.*.hook_k_input,blocks.*.hook_v_input,blocks.*.hook_mlp_in")]
    [InlineData("optional-attn_in", "blocks.*.hook_attn_in")]
    public void Optional_points_equal_the_reference(string file, string optional)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder(Name), Processing.None);
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder(Name), $"{file}.safetensors"));
        using var input = Checkpoint.Open(Path.Combine(Fixture.Folder(Name), "unprocessed.safetensors"));
        var run = model.RunWithCache(input.Read("input_ids"), Golden.WithOptional(model, optional));
        var names = golden.Tensors.Keys.Where(n => n.Contains("hook_", StringComparison.Ordinal) && !n.Contains("_grad", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, n => Assert.Equal(0, Golden.Distance(golden.Read(n), run.Cache[n]), 4));
    }

    [Fact]
    public void Processed_weights_equal_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder(Name));
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder(Name), "processed-weights.safetensors"));
        foreach (var name in golden.Tensors.Keys)
        {
            var weight = model.Weight(name);
            var want = golden.Read(name);
            Assert.True(weight.IsBound || want.abs().max().item<float>() == 0, name);
            if (weight.IsBound)
            {
                Assert.Equal(0, Golden.Distance(want, weight.Value), 4);
            }
        }
    }

    [Fact]
    public void Gradients_of_every_activation_equal_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder(Name), Processing.None);
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder(Name), "gradients.safetensors"));
        var (answer, wrong) = (golden.Read("answers"), golden.Read("wrong"));
        var run = model.RunWithCache(golden.Read("input_ids"), options: new()
        {
            GradientOf = logits => (logits[.., -1].index_select(1, answer).diagonal() - logits[.., -1].index_select(1, wrong).diagonal()).mean(),
        });
        var compared = 0;
        foreach (var name in golden.Tensors.Keys.Where(n => n.EndsWith("_grad", StringComparison.Ordinal) || n.EndsWith("_grad.sum", StringComparison.Ordinal)))
        {
            var point = name.Replace("_grad.sum", "", StringComparison.Ordinal).Replace("_grad", "", StringComparison.Ordinal);
            if (golden.Tensors.ContainsKey($"{point}_grad.sum") && !name.EndsWith(".sum", StringComparison.Ordinal))
            {
                continue;
            }

            var want = golden.Read(name);
            var got = run.Cache.Gradients[point];
            Assert.True(Golden.Distance(want, got) <= 1e-4 * Math.Max(1, want.abs().max().item<float>()), $"{point}: {Golden.Distance(want, got)}");
            compared++;
        }

        Assert.True(compared > 40);
    }
}
