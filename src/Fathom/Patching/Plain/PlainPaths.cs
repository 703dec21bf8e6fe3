using Fathom.Hooks;
using Fathom.Patching.Paths;

namespace Fathom.Patching.Plain;

/// <summary>Path patching by whole forward runs: one that records what readers would see with everything but the sender frozen, and one in which they see it.</summary>
/// <remarks>Source: the algorithm of Wang et al. 2022 (arXiv:2211.00593), appendix B.</remarks>
internal sealed class PlainPaths(PatchJob job, PlainPath plain) : IDisposable
{
    private readonly Dictionary<int, Dictionary<HookPoint, Tensor>> _frozen = [];
    private readonly Dictionary<int, Dictionary<HookPoint, Tensor>> _seen = [];

    /// <summary>The logits of one cell, <c>[1, pos, d_vocab]</c>.</summary>
    public Tensor Forward(ExampleRun run, int cell)
    {
        var sweep = (ResolvedPaths)job.Sweeps[run.Sweep];
        var (sender, set) = sweep.PartsOf(cell);
        var seen = Seen(sweep, run, sender);
        var readers = sweep.ReadersOf(set);
        List<HookRegistration> hooks = [.. readers.GroupBy(r => r.Input(job.Model)).Select(same => new HookRegistration { Points = [same.Key], Function = (activation, point) => Replaced(activation, seen[point], [.. same.Select(r => r.Head)]) })];
        if (sweep.Paths.Norm == ReaderNorm.FrozenScale)
        {
            hooks.AddRange(readers.Select(r => r.Norm(job.Model)?.HookScale).OfType<HookPoint>().Distinct().Select(scale => new HookRegistration { Points = [scale], Function = (activation, point) => Scale(Frozen(run.Into)[point], activation) }));
        }

        return plain.Forward(run.Into, hooks);
    }

    public void Dispose()
    {
        foreach (var tensor in _frozen.Values.Concat(_seen.Values).SelectMany(r => r.Values))
        {
            tensor.Dispose();
        }
    }

    private static Tensor Replaced(Tensor activation, Tensor seen, int[] heads)
    {
        if (heads.Contains(-1))
        {
            return seen.clone();
        }

        var changed = activation.clone();
        foreach (var head in heads)
        {
            using var target = changed.select(2, head);
            using var source = seen.select(2, head);
            target.copy_(source);
        }

        return changed;
    }

    private static Tensor Scale(Tensor frozen, Tensor activation)
    {
        while (frozen.dim() < activation.dim())
        {
            frozen = frozen.unsqueeze(2);
        }

        return frozen.expand(activation.shape).clone();
    }

    private Dictionary<HookPoint, Tensor> Seen(ResolvedPaths sweep, ExampleRun run, int sender)
    {
        if (_seen.TryGetValue(run.FirstPath + sender, out var seen))
        {
            return seen;
        }

        var frozen = Frozen(run.Into);
        var edits = sweep.EditsOfSender(sender, run.Donor);
        List<HookRegistration> hooks = [];
        foreach (var block in job.Model.Blocks)
        {
            foreach (var point in new[] { block.HookAttnOut, block.HookMlpOut }.OfType<HookPoint>())
            {
                var free = point == block.HookAttnOut && edits.Any(e => e.Point == block.Attn?.HookZ || e.Point == block.Attn?.HookResult);
                if (!free)
                {
                    hooks.Add(new() { Points = [point], Function = (_, p) => frozen[p].clone() });
                }
            }
        }

        // Heads that do not send are frozen too, where other layers' senders would reach them.
        hooks.AddRange(edits.Select(e => e.Point).Distinct().Where(p => p.ShortName is "attn.hook_z" or "attn.hook_result").Select(own => new HookRegistration { Points = [own], Function = (_, p) => frozen[p].clone() }));
        hooks.AddRange(edits.GroupBy(e => e.Point).Select(g => new HookRegistration { Points = [g.Key], Function = (activation, point) => plain.Replaced(activation, point, [.. g.Select(e => (e, 0))]) }));
        seen = _seen[run.FirstPath + sender] = [];
        hooks.Add(Recorder(seen, [.. sweep.AllReaders.Select(r => r.Input(job.Model)).Distinct()]));
        using var scope = torch.NewDisposeScope();
        plain.Forward(run.Into, hooks);
        return seen;
    }

    private Dictionary<HookPoint, Tensor> Frozen(int prompt)
    {
        if (!_frozen.TryGetValue(prompt, out var frozen))
        {
            using var scope = torch.NewDisposeScope();
            frozen = _frozen[prompt] = [];
            var scales = job.Model.Blocks.SelectMany(b => new[] { b.Ln1?.HookScale, b.Ln2?.HookScale });
            plain.Forward(prompt, [Recorder(frozen, [.. job.Model.Blocks.SelectMany(b => new[] { b.HookAttnOut, b.HookMlpOut }).Concat(scales).OfType<HookPoint>().Concat(job.Sweeps.OfType<ResolvedPaths>().SelectMany(s => s.Points)).Distinct()])]);
        }

        return frozen;
    }

    private static HookRegistration Recorder(Dictionary<HookPoint, Tensor> into, IReadOnlyList<HookPoint> points) => new()
    {
        Points = points,
        Function = (activation, point) =>
        {
            into[point] = activation.clone().DetachFromDisposeScope();
            return null;
        },
    };
}
