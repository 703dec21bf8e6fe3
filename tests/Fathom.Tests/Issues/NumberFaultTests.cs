using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Issues;

/// <summary>Faults of precision that users met elsewhere.</summary>
public sealed class NumberFaultTests
{
    [Fact]
    public void Layer_norm_of_a_huge_mean_equals_that_of_small_numbers()
    {
        using var scope = torch.NewDisposeScope();
        var ramp = torch.arange(32, dtype: torch.float64).unsqueeze(0);
        var (near, far) = (Normed(new LayerNormConfig(1e-5, Gain: false, Bias: false), ramp.to(torch.float32)), Normed(new LayerNormConfig(1e-5, Gain: false, Bias: false), (ramp + 6000000).to(torch.float32)));
        Assert.True(Distance(near, far) < 1e-4);
    }

    [Fact]
    public void Epsilon_lies_inside_the_root()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 1e-4f, -1e-4f }).unsqueeze(0);
        var got = Normed(new RmsNormConfig(1e-5, Gain: false), x);
        Assert.Equal(1e-4 / Math.Sqrt(1e-8 + 1e-5), got[0, 0].item<float>(), 1e-6);
    }

    [Fact]
    public void Norm_statistics_of_16_bit_input_are_taken_in_32_bits_with_an_outlier_of_3000()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-1, 1, 64).unsqueeze(0);
        x[0, 7] = 3000;
        x = x.to(torch.bfloat16);
        var wide = x.to(torch.float64);
        var want = (wide / (wide.pow(2).mean() + 1e-6).sqrt()).to(torch.bfloat16);
        Assert.True(Normed(new RmsNormConfig(1e-6, Gain: false), x).Equals(want));
    }

    [Fact]
    public void The_bound_on_scores_holds_whether_they_are_observed_or_not()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gemma2");
        var ids = Family.Ids("gemma2");
        using var loud = model.Hooks(("blocks.*.attn.hook_q", (x, _) => x * 100));
        var quiet = model.Forward(ids);
        Recorded observed = new(model, ids);
        Assert.True(Distance(quiet, observed.Logits) < 1e-4);
        var scores = observed["blocks.0.attn.hook_attn_scores"];
        Assert.True(scores.masked_fill(scores.isinf(), 0).abs().max().item<float>() <= 5.00001);
    }

    private static Tensor Normed(NormConfig config, Tensor x)
    {
        PartScope root = new();
        Norm norm = new(root.With(("d_model", x.shape[1])).Child("ln"), config);
        using Pass pass = new([new Segment(1, x.shape[0], NoPrefix.Instance)], ActiveHooks.None);
        return norm.Forward(x, pass);
    }
}
