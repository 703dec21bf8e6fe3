using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Tests.Components;

/// <summary>Each order of scoring, choosing and normalizing, on logits that can be followed by hand.</summary>
public sealed class RouterTests
{
    [Fact]
    public void Softmax_first_keeps_the_share_of_those_not_chosen()
    {
        var (weights, indices) = Route(new SoftmaxRouter(2, Renormalized: false), [2, 0, 1, -1]);
        Assert.Equal([0, 2], indices);
        var sum = Math.Exp(2) + 1 + Math.E + Math.Exp(-1);
        Assert.Equal([Math.Exp(2) / sum, Math.E / sum], weights, Near);
    }

    [Fact]
    public void The_choice_first_gives_weights_that_sum_to_one()
    {
        var (weights, indices) = Route(new TopKRouter(2), [2, 0, 1, -1]);
        Assert.Equal([0, 2], indices);
        Assert.Equal([1 / (1 + Math.Exp(-1)), 1 / (1 + Math.E)], weights, Near);
    }

    [Fact]
    public void Sigmoids_are_corrected_for_the_choice_and_not_in_the_weights()
    {
        var (weights, indices) = Route(new SigmoidRouter(2, Renormalized: true, Factor: 2.5), [2, 0, 1, -1], correction: [0, 0, 0, 5]);
        Assert.Equal([3, 0], indices);
        var (a, b) = (Sigmoid(-1), Sigmoid(2));
        Assert.Equal([2.5 * a / (a + b), 2.5 * b / (a + b)], weights, Near);
    }

    [Fact]
    public void Groups_are_ranked_by_their_best_scores_and_the_others_are_barred()
    {
        // The single best logit lies in the group whose two best have the smaller sum.
        double[] logits = [3, -9, 1, 1.5];
        Assert.Equal([3, 2], Route(new SigmoidRouter(2, Renormalized: false, Groups: new(2, 1, Best: 2)), logits).Indices);
        Assert.Equal([0, 1], Route(new SoftmaxRouter(2, Renormalized: false, Groups: new(2, 1, Best: 1)), logits).Indices);
    }

    [Fact]
    public void The_mixer_weighs_the_best_of_each_round_against_those_close_to_it()
    {
        // Within 2 x 0.1: 1.9 is close to 2 ((2 - 1.9) / 2 = 0.05); 1 is not. In the second round 1.9 is alone.
        var (weights, indices) = Route(new SparseMixerRouter(2, 0.1), [1, 2, 1.9, -3]);
        Assert.Equal([1, 2], indices);
        Assert.Equal([1 / (1 + Math.Exp(-0.1)), 1], weights, Near);
    }

    [Fact]
    public void The_sigmoid_of_an_input_router_is_not_normalized()
    {
        var (weights, indices) = Route(new InputRouter(1), [2, 0, 30, 25]);
        Assert.Equal([2], indices);
        Assert.Equal([1.0], weights, Near);
    }

    [Fact]
    public void Sixteen_bit_weights_are_routed_in_32_bits()
    {
        // The two logits differ by less than a bf16 can tell apart.
        var (_, indices) = Route(new TopKRouter(1), [1, 1.001, 0, 0], dtype: torch.bfloat16);
        Assert.Equal([1], indices);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Routes one token whose logits are given.</summary>
    private static (double[] Weights, long[] Indices) Route(RouterConfig config, double[] logits, double[]? correction = null, torch.ScalarType dtype = torch.ScalarType.Float64)
    {
        using var scope = torch.NewDisposeScope();
        Router router = new(new PartScope().With(("d_model", 2)).Child("blocks.0.mlp", 0), config, 4);
        // Logits are x·W with x = (1, 1/1024), so that the second row adds what 16 bits cannot hold beside the first.
        var whole = torch.tensor(logits, torch.float64).to(dtype).to(torch.float64);
        router.W.Set(torch.stack([whole, (torch.tensor(logits, torch.float64) - whole) * 1024]).to(dtype));
        router.Correction?.Set(torch.tensor(correction ?? [0, 0, 0, 0], torch.float64).to(dtype));
        using Pass pass = new([new Segment(1, 1, NoPrefix.Instance)], ActiveHooks.None);
        var (weights, indices) = router.Route(torch.tensor(new[] { 1, 1.0 / 1024 }, torch.float64).to(dtype).unsqueeze(0), pass);
        return ([.. weights.to(torch.float64).data<double>()], [.. indices.data<long>()]);
    }
}
