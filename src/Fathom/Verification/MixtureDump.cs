using System.Globalization;
using System.Text.RegularExpressions;
using Fathom.Components;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>What dumps call the parts of mixtures of experts: <c>router_logits.i</c>, <c>router_weights.i</c> and <c>router_indices.i</c> of the <c>i</c>-th layer that has experts, and the rows of one expert under its hook's name.</summary>
internal static partial class MixtureDump
{
    /// <summary>The dump's values and ours, brought to one shape and order; <see langword="null"/> if the name is not of this kind.</summary>
    /// <param name="name">The name without the run's prefix.</param>
    /// <param name="want">The dump's values.</param>
    /// <param name="run">Our run.</param>
    /// <param name="model">The model.</param>
    /// <param name="other">Reads another tensor of the same run; nothing if there is none.</param>
    public static (Tensor Want, Tensor Got, string From)? Of(string name, Tensor want, ReferenceRun run, StackedModel model, Func<string, Tensor?> other)
    {
        if (Layered().Match(name) is { Success: true } layered)
        {
            var layer = int.Parse(layered.Groups[2].Value, CultureInfo.InvariantCulture);
            var routers = model.Blocks.Select(b => (b.Mlp as MixtureOfExperts)?.Router).OfType<Router>().ToList();
            return layer < routers.Count ? Routed(layered.Groups[1].Value, layer, want, run, routers[layer], other) : null;
        }

        return OfExpert().Match(name) is { Success: true } one && run.At(name).Value is { } dense && want.dim() == 2
            ? Rows(want, dense, run.At($"{one.Groups[1].Value}hook_expert_indices").Value!, long.Parse(one.Groups[2].Value, CultureInfo.InvariantCulture), name)
            : null;
    }

    [GeneratedRegex(@"^router_(logits|weights|indices)\.(\d{1,4})$")]
    private static partial Regex Layered();

    [GeneratedRegex(@"^(blocks\.\d+\.mlp\.)experts\.(\d{1,6})\.hook_(?:gate|pre|post)$")]
    private static partial Regex OfExpert();

    private static (Tensor Want, Tensor Got, string From)? Routed(string kind, int layer, Tensor want, ReferenceRun run, Router router, Func<string, Tensor?> other)
    {
        var point = kind switch { "logits" => router.HookRouterLogits, "weights" => router.HookRouterWeights, _ => router.HookExpertIndices };
        var got = run.At(point.Name).Value!;
        if (want.numel() != got.numel())
        {
            return (want, got, point.Name);
        }

        want = want.reshape(got.shape);
        // The order of the chosen experts means nothing: both sides are brought to the order of their indices.
        return kind == "logits" ? (want, got, point.Name)
            : kind == "indices" ? (want.sort(-1).Values, got.sort(-1).Values, $"{point.Name}, in the order of indices")
            : other($"router_indices.{layer}") is { } theirs && theirs.numel() == got.numel()
            ? (InOrder(want, theirs.reshape(got.shape)), InOrder(got, run.At(router.HookExpertIndices.Name).Value!), $"{point.Name}, in the order of indices")
            : (want.sort(-1).Values, got.sort(-1).Values, $"{point.Name}, sorted");
    }

    private static Tensor InOrder(Tensor weights, Tensor indices) => weights.gather(-1, indices.argsort(-1));

    /// <summary>The rows that go to one expert, as other libraries list them: those that have it first, then those that have it second, and so on.</summary>
    private static (Tensor Want, Tensor Got, string From) Rows(Tensor want, Tensor dense, Tensor indices, long expert, string name)
    {
        var chosen = indices.reshape(-1, indices.shape[^1]);
        var rows = torch.cat([.. Enumerable.Range(0, (int)chosen.shape[1]).Select(rank => chosen.select(1, rank).Is(expert).nonzero().reshape(-1))]);
        return (want, dense.reshape(-1, dense.shape[^1]).index_select(0, rows), $"{name}, the rows that go there");
    }
}
