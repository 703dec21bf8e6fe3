using Fathom.Components;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Patching.Plain;

/// <summary>One whole forward run per cell, with hooks that put the replacement in. The reference for everything faster.</summary>
internal sealed class PlainPath(PatchJob job) : IDisposable
{
    private readonly Dictionary<Donor, Dictionary<HookPoint, Tensor>> _donors = [];
    private readonly Dictionary<int, Tensor> _clean = [];
    private PlainPaths? _paths;

    private List<HookPoint> Points => [.. job.Sweeps.SelectMany(s => s.Points).Distinct()];

    /// <summary>Scores both unpatched runs of every example.</summary>
    public void Baselines(IReadOnlyList<SweepValues> values)
    {
        foreach (var run in job.AllRuns)
        {
            var sweep = job.Sweeps[run.Sweep];
            Store(values[run.Sweep].Into, run, Score(sweep, run, Forward(run.Into, [])));
            Store(values[run.Sweep].From, run, Score(sweep, run, Forward(run.From, [])));
        }
    }

    /// <summary>Records the runs that cells take values from, together where they have one length.</summary>
    public void Prepare(IEnumerable<ExampleRun> runs)
    {
        var points = Points;
        foreach (var same in runs.Select(r => r.Donor).Distinct().Where(d => d.IsRun && !_donors.ContainsKey(d)).GroupBy(d => job.Prompts[d.Prompt].Length).SelectMany(g => g.Chunk(8)))
        {
            using var scope = torch.NewDisposeScope();
            foreach (var donor in same)
            {
                _donors[donor] = [];
            }

            HookRegistration recorder = new()
            {
                Points = points,
                Function = (activation, point) =>
                {
                    for (var row = 0; row < same.Length; row++)
                    {
                        using var own = activation.select(0, row);
                        _donors[same[row]][point] = own.clone().DetachFromDisposeScope();
                    }

                    return null;
                },
            };
            var ids = torch.tensor([.. same.SelectMany(d => job.Prompts[d.Prompt]).Select(i => (long)i)], torch.int64).view(same.Length, -1);
            job.Stack.Forward(ids, new() { Observers = [recorder], StopAtLayer = job.Stack.Config.NLayers });
        }
    }

    /// <summary>Scores several cells of examples of one length in one forward run, a row each.</summary>
    public IReadOnlyList<double[]> Score(IReadOnlyList<(ExampleRun Run, int Cell)> cells)
    {
        if (cells.Any(c => c.Run.FirstPath >= 0))
        {
            return [.. cells.Select(c => c.Run.FirstPath >= 0 ? ScorePath(c.Run, c.Cell) : Score([c])[0])];
        }

        using var scope = torch.NewDisposeScope();
        var edits = cells.Select(c => job.Sweeps[c.Run.Sweep].EditsOf(c.Cell, c.Run)).ToList();
        List<HookRegistration> hooks = [.. edits.SelectMany((own, row) => own.Select(e => (Edit: e, Row: row))).GroupBy(e => e.Edit.Point).Select(g => new HookRegistration
        {
            Points = [g.Key],
            Function = (activation, point) => Replaced(activation, point, [.. g]),
        })];
        var length = job.Prompts[cells[0].Run.Into].Length;
        var ids = torch.tensor([.. cells.SelectMany(c => job.Prompts[c.Run.Into]).Select(i => (long)i)], torch.int64).view(cells.Count, length);
        var logits = job.Stack.Forward(ids, new() { Observers = hooks });
        return [.. cells.Select((c, row) => Score(job.Sweeps[c.Run.Sweep], c.Run, logits.narrow(0, row, 1)))];
    }

    /// <summary>As <see cref="Score(IReadOnlyList{ValueTuple{ExampleRun, int}})"/>, with the runs that values come from as further rows of the same forward run, and logits only where metrics read them.</summary>
    public IReadOnlyList<double[]> ScoreBesideDonors(IReadOnlyList<(ExampleRun Run, int Cell)> cells)
    {
        using var scope = torch.NewDisposeScope();
        List<int> donors = [.. cells.Select(c => c.Run.Donor.Prompt).Distinct()];
        var hooks = cells.SelectMany((c, row) => job.Sweeps[c.Run.Sweep].EditsOf(c.Cell, c.Run).Select(e => (Edit: e, Row: donors.Count + row, Donor: donors.IndexOf(c.Run.Donor.Prompt))))
            .GroupBy(e => e.Edit.Point)
            .Select(g => new HookRegistration { Points = [g.Key], Function = (activation, _) => CopiedAcross(activation, [.. g]) });
        var prompts = donors.Concat(cells.Select(c => c.Run.Into)).Select(p => job.Prompts[p]).ToList();
        var length = prompts[0].Length;
        var ids = torch.tensor([.. prompts.SelectMany(p => p).Select(i => (long)i)], torch.int64).view(prompts.Count, length);
        var layers = job.Stack.Config.NLayers;
        var resid = job.Stack.Forward(ids, new() { Observers = [.. hooks], StopAtLayer = layers }).narrow(0, donors.Count, cells.Count);
        var read = cells.All(c => job.Sweeps[c.Run.Sweep].Metrics.All(m => m.LastOnly)) ? resid.narrow(1, length - 1, 1) : resid;
        using Pass idle = new([], ActiveHooks.None);
        var logits = job.Stack.LogitsOf(read.reshape(-1, read.shape[2]), idle).view(cells.Count, read.shape[1], -1);
        return [.. cells.Select((c, row) => Score(job.Sweeps[c.Run.Sweep], c.Run, logits.narrow(0, row, 1)))];
    }

    private double[] ScorePath(ExampleRun run, int cell)
    {
        using var scope = torch.NewDisposeScope();
        return Score(job.Sweeps[run.Sweep], run, (_paths ??= new(job, this)).Forward(run, cell));
    }

    private static Tensor CopiedAcross(Tensor activation, IReadOnlyList<(Edit Edit, int Row, int Donor)> edits)
    {
        var changed = activation.clone();
        foreach (var (edit, at, donor) in edits)
        {
            using var row = changed.select(0, at);
            using var source = activation.select(0, donor);
            edit.Write(row, 0, source, 0);
        }

        return changed;
    }

    /// <summary>Runs one example with replacements and returns its logits, <c>[1, pos, d_vocab]</c>.</summary>
    public Tensor Forward(int prompt, IReadOnlyList<HookRegistration> hooks)
    {
        using var ids = torch.tensor([.. job.Prompts[prompt].Select(i => (long)i)], torch.int64);
        using var tokens = ids.unsqueeze(0);
        return job.Stack.Forward(tokens, new() { Observers = hooks });
    }

    public void Dispose()
    {
        _paths?.Dispose();
        foreach (var tensor in _donors.Values.SelectMany(d => d.Values).Concat(_clean.Values))
        {
            tensor.Dispose();
        }
    }

    /// <summary>An activation with replacements in some rows.</summary>
    public Tensor Replaced(Tensor activation, HookPoint point, IReadOnlyList<(Edit Edit, int Row)> edits)
    {
        var changed = activation.clone();
        foreach (var (edit, at) in edits)
        {
            using var row = changed.select(0, at);
            edit.Write(row, 0, edit.Live ? activation.select(0, at) : edit.Donor == Donor.Zero ? null : Recorded(edit.Donor)[point], 0);
        }

        return changed;
    }

    private double[] Score(ResolvedSweep sweep, ExampleRun run, Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        return [.. sweep.Metrics.Select(metric =>
        {
            var read = metric.LastOnly ? logits.narrow(1, Math.Min(sweep.ReadAt(run.Example), logits.shape[1] - 1), 1) : logits;
            read = metric.ColumnsOnly ? read.index_select(2, torch.tensor([.. metric.Columns(run.Example).Select(c => (long)c)], torch.int64)) : read;
            return metric.Score(read, run.Example, metric.ReadsClean ? Clean(job.CleanOf(run), sweep.ReadAt(run.Example)) : null)[0];
        })];
    }

    private Tensor Clean(int prompt, int position)
    {
        if (!_clean.TryGetValue(prompt, out var logProbabilities))
        {
            using var scope = torch.NewDisposeScope();
            var logits = Forward(prompt, []);
            _clean[prompt] = logProbabilities = logits.select(1, position).select(0, 0).to(torch.float64).log_softmax(-1).DetachFromDisposeScope();
        }

        return logProbabilities;
    }

    private Dictionary<HookPoint, Tensor> Recorded(Donor donor)
    {
        if (_donors.TryGetValue(donor, out var recorded))
        {
            return recorded;
        }

        using var scope = torch.NewDisposeScope();
        var points = Points;
        _donors[donor] = recorded = [];
        foreach (var prompt in job.PromptsOf(donor))
        {
            HookRegistration recorder = new() { Points = points, Function = (activation, point) => { Add(recorded, point, activation); return null; } };
            Forward(prompt, [recorder]);
        }

        if (donor.IsMean)
        {
            foreach (var point in points)
            {
                var sum = recorded[point];
                recorded[point] = sum.Over(job.PromptsOf(donor).Count).DetachFromDisposeScope();
                sum.Dispose();
            }
        }

        return recorded;
    }

    private static void Add(Dictionary<HookPoint, Tensor> recorded, HookPoint point, Tensor activation)
    {
        using var row = activation.select(0, 0);
        if (recorded.Remove(point, out var sum))
        {
            recorded[point] = sum.Plus(row).DetachFromDisposeScope();
            sum.Dispose();
        }
        else
        {
            recorded[point] = row.clone().DetachFromDisposeScope();
        }
    }

    private static void Store(double[][] table, ExampleRun run, double[] scores)
    {
        for (var m = 0; m < scores.Length; m++)
        {
            table[m][run.Example] = scores[m];
        }
    }
}
