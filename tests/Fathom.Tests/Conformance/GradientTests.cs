using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Models;

namespace Fathom.Tests.Conformance;

/// <summary>Gradients at a sample of points, in 64 bits, against finite differences.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-5;

    private static readonly string[] Kinds = ["hook_embed", "embed.hook_embed", "embed.hook_token_type_embed", "mlm_head.hook_post", "rel_embed.hook_rel_embed", "attn.hook_pos_k", "attn.hook_pos_q", "hook_resid_pre", "attn.hook_q", "attn.hook_k", "attn.hook_v", "attn.hook_pattern", "attn.hook_z", "mlp.hook_pre", "mlp.hook_post", "mlp.hook_router_logits", "mlp.hook_router_weights", "mlp.experts.1.hook_post", "hook_mlp_out", "hook_attn_out", "hook_mixer_out"];

    public static TheoryData<string> Families => Family.Stacks;

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_agree_with_finite_differences(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family, options: new() { DType = torch.float64, Processing = Processing.None });
        var ids = Family.Ids(family).narrow(1, 0, 7);
        var weights = torch.linspace(-1, 1, model.Config.DVocab, dtype: torch.float64);
        var layer = model.Config.NLayers / 2;
        foreach (var point in model.HookPoints.Where(p => (p.Layer is null || p.Layer == layer) && Kinds.Contains(p.Layer is null ? p.Name : p.ShortName)))
        {
            using var inner = torch.NewDisposeScope();
            Check(family, model, ids, weights, point);
        }
    }

    private static void Check(string family, StackedModel model, Tensor ids, Tensor weights, HookPoint point)
    {
        Tensor? shift = null;
        using (torch.enable_grad())
        {
            var logits = model.Forward(ids, new() { WithGradients = true, Hooks = [(point.Name, (x, _) => x + (shift = torch.zeros_like(x).requires_grad_().DetachFromDisposeScope()))] });
            (logits.select(1, 6) * weights).sum().backward();
        }

        var gradient = shift!.grad!;
        var entry = gradient.abs().argmax().item<long>();
        foreach (var at in new[] { entry, (entry + 5) % gradient.numel() })
        {
            double Metric(double by) => (model.Forward(ids, new() { Hooks = [(point.Name, (x, _) => Moved(x, at, by))] }).select(1, 6) * weights).sum().item<double>();
            var finite = (Metric(Step) - Metric(-Step)) / (2 * Step);
            var exact = gradient.reshape(-1)[at].item<double>();
            Assert.True(Math.Abs(finite - exact) <= 1e-4 * Math.Max(1, Math.Abs(exact)), $"{family}: the gradient of {point.Name} at {at} is {exact:G8}, finite differences give {finite:G8}");
        }

        shift.Dispose();
    }

    private static Tensor Moved(Tensor x, long at, double by)
    {
        var moved = x.clone();
        moved.view(-1)[at] += by;
        return moved;
    }
}
