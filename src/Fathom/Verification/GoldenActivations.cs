using Fathom.Activations;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares every activation of one prompt: its shape, its size and its ends, and some whole.</summary>
internal static class GoldenActivations
{
    /// <summary>The file of numbers, and the file that says what they are.</summary>
    public const string Numbers = "activations.safetensors", Facts = "activations.json";

    private const string Prompts = "prompts.safetensors", Ids = "tokens.clean.bos";
    private const int End = 8;

    /// <summary>Compares everything that both files hold.</summary>
    public static void Compare(HookedTransformer model, string folder, GoldenReport report)
    {
        string[] needed = [Numbers, Facts, Prompts];
        if (needed.FirstOrDefault(n => !File.Exists(Path.Combine(folder, n))) is { } missing)
        {
            throw new InvalidCheckpointException(folder, $"it holds activations without {missing}. They are {Numbers}, with names and sizes in {Facts}, of the prompt {Ids} in {Prompts}");
        }

        using var prompts = Checkpoint.Open(Path.Combine(folder, Prompts));
        using var numbers = Checkpoint.Open(Path.Combine(folder, Numbers));
        var facts = GoldenJson.Read(Path.Combine(folder, Facts));
        using var ids = prompts.Read(prompts.Tensors.ContainsKey(Ids) ? Ids : throw new InvalidCheckpointException(Path.Combine(folder, Prompts), $"it holds no {Ids}, of which the activations are"));
        using var run = model.RunWithCache(ids.unsqueeze(0));
        var kind = report.AsLoaded ? "unprocessed" : "processed";
        if (facts.Has(kind))
        {
            CompareAll(run.Cache, facts.Texts("order"), facts.Part(kind), numbers, $"edges.{kind}", report);
        }

        List<string> left = [];
        foreach (var name in numbers.Tensors.Keys.Where(n => n != $"edges.{kind}"))
        {
            using var scope = torch.NewDisposeScope();
            if (name is "edges.processed" or "edges.unprocessed" || !report.AsLoaded)
            {
                left.Add(name);
            }
            else if (Whole(name, run.Cache, model.Config.NLayers) is var (got, from))
            {
                report.Vectors(name, numbers.Read(name), got, from);
            }
            else
            {
                report.Unknown(name);
            }
        }

        if (left.Count > 0)
        {
            report.Note($"Not compared, because these are values of {(report.AsLoaded ? "processed weights (--processing default compares them)" : "weights as loaded (--processing none compares them)")}: {string.Join(", ", left)}.");
        }
    }

    /// <summary>Shapes, sums, mean magnitudes and ends of all activations, infinities (masked scores) taken as zero.</summary>
    private static void CompareAll(ActivationCache cache, IReadOnlyList<string> order, GoldenJson sizes, Checkpoint numbers, string name, GoldenReport report)
    {
        using var scope = torch.NewDisposeScope();
        var edges = numbers.Tensors.ContainsKey(name) ? numbers.Read(name).to(torch.float64) : null;
        var (byEdge, bySize) = (("", 0.0), ("", 0.0));
        var count = 0L;
        foreach (var (row, hook) in order.Index())
        {
            using var inner = torch.NewDisposeScope();
            if (!cache.TryGet(hook, out var found))
            {
                report.Unknown($"{Facts}: {hook}");
                continue;
            }

            var (shape, sum, magnitude) = sizes.Statistics(hook);
            var flat = found.reshape(-1).to(torch.float64);
            flat = flat.FilledWhere(flat.isinf(), 0);
            var size = Math.Max(magnitude, 1e-3);
            var off = shape.AsSpan().SequenceEqual(found.shape)
                ? Math.Max(Math.Abs(flat.abs().mean().item<double>() - magnitude), Math.Abs(flat.sum().item<double>() - sum) / flat.numel()) / size
                : double.NaN;
            bySize = Worse(bySize, (hook, off));
            if (edges is not null && row < edges.shape[0] && flat.numel() >= End)
            {
                var ends = torch.cat([flat.narrow(0, 0, End), flat.narrow(0, flat.numel() - End, End)]);
                byEdge = Worse(byEdge, (hook, ends.Minus(edges[row]).abs().max().item<double>() / Math.Max(1, Math.Max(magnitude, edges[row].abs().max().item<double>()))));
                count += 2 * End;
            }
        }

        report.Values($"sizes.{name.Split('.')[1]}", $"shapes, sums and mean magnitudes of {order.Count} activations, relative; most at {bySize.Item1}", 3L * order.Count, bySize.Item2);
        if (edges is not null)
        {
            report.Values(name, $"the first and last {End} values of {order.Count} activations, relative; most at {byEdge.Item1}", count, edges.shape[0] == order.Count ? byEdge.Item2 : double.NaN);
        }
    }

    private static (string, double) Worse((string, double Difference) most, (string, double Difference) next) => double.IsNaN(next.Difference) || next.Difference > most.Difference ? next : most;

    private static (Tensor Value, string From)? Whole(string name, ActivationCache cache, int layers) => name switch
    {
        "resid_pre_0" => (cache["resid_pre", 0][0], "blocks.0.hook_resid_pre"),
        "resid_post" or "pattern" => (Stacked(name, cache, layers), cache.Model.Point($"{name}0").Name.Replace(".0.", ".*.", StringComparison.Ordinal)),
        "z_last" or "rot_q_last" or "rot_k_last" => (Stacked(name[..^"_last".Length], cache, layers).select(1, -1), $"{cache.Model.Point($"{name[..^"_last".Length]}0").Name.Replace(".0.", ".*.", StringComparison.Ordinal)} at the last position"),
        _ => null,
    };

    private static Tensor Stacked(string name, ActivationCache cache, int layers) => torch.stack([.. Enumerable.Range(0, layers).Select(i => cache[name, i][0])]);
}
