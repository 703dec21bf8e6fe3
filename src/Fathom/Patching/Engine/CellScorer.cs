using Fathom.Components;
using Fathom.Models;
using Fathom.Patching.Planning;
using Fathom.Patching.Scoring;

namespace Fathom.Patching.Engine;

/// <summary>Turns final residual streams into scores, computing only the logits that metrics read.</summary>
internal sealed class CellScorer : IDisposable
{
    /// <summary>The most bytes of logits that are scored together, in 32 and 64 bits.</summary>
    internal const long LogitBytes = 96L << 20;

    private readonly PatchJob _job;
    private readonly BaseRuns _bases;
    private readonly IReadOnlyList<SweepValues> _values;
    private readonly Dictionary<int, Tensor> _clean = [];
    private readonly Dictionary<int, Tensor> _logits = [];
    private readonly Pass _idle = new([], Hooks.ActiveHooks.None);

    public CellScorer(PatchJob job, BaseRuns bases, IReadOnlyList<SweepValues> values)
    {
        (_job, _bases, _values) = (job, bases, values);
        Noise = [.. job.Sweeps.Select(s => new double[s.Metrics.Count])];
        foreach (var run in job.AllRuns)
        {
            Baseline(run, run.Into, values[run.Sweep].Into);
            Baseline(run, run.From, values[run.Sweep].From);
        }
    }

    /// <summary>The largest change by a patch of a base run with its own activations, by sweep and metric.</summary>
    public double[][] Noise { get; }

    /// <summary>Scores the patches of a group.</summary>
    public void Score(LiveRows live)
    {
        using var scope = torch.NewDisposeScope();
        List<(PlannedPatch Patch, long Row, LiveGroup Group)> all = [];
        long at = 0;
        foreach (var group in live.Groups)
        {
            for (var i = 0; i < group.Patches.Count; i++)
            {
                all.Add((group.Patches[i], at + ((long)i * group.Length), group));
            }

            at += group.Rows;
        }

        foreach (var example in all.GroupBy(a => a.Patch.Run))
        {
            var patches = example.ToList();
            var sweep = _job.Sweeps[example.Key.Sweep];
            for (var m = 0; m < sweep.Metrics.Count; m++)
            {
                var scores = sweep.Metrics[m].LastOnly ? AtEnd(live, patches, sweep.Metrics[m], example.Key) : [.. patches.Select(p => Whole(live, p, sweep.Metrics[m], example.Key))];
                Store(patches, scores, m, example.Key);
            }
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        foreach (var tensor in _clean.Values.Concat(_logits.Values))
        {
            tensor.Dispose();
        }
    }

    private double[] AtEnd(LiveRows live, List<(PlannedPatch Patch, long Row, LiveGroup Group)> patches, BoundMetric metric, ExampleRun run)
    {
        var rows = torch.tensor([.. patches.Select(p => p.Row + p.Group.Length - 1)], torch.int64);
        return Scores(live.Rows!.index_select(0, rows), metric, run);
    }

    private double[] Scores(Tensor finals, BoundMetric metric, ExampleRun run)
    {
        using var scope = torch.NewDisposeScope();
        var x = _job.Model.ReadByUnembed(finals, _idle);
        if (metric.ColumnsOnly)
        {
            var columns = torch.tensor([.. metric.Columns(run.Example).Select(c => (long)c)], torch.int64);
            return metric.Score(_job.Model.Unembed.Columns(x, columns).unsqueeze(1), run.Example, null);
        }

        var chunk = Math.Max(1, LogitBytes / (16L * _job.Model.Config.DVocab));
        List<double> scores = [];
        for (long at = 0; at < x.shape[0]; at += chunk)
        {
            using var inner = torch.NewDisposeScope();
            var logits = _job.Model.Unembed.Forward(x.narrow(0, at, Math.Min(chunk, x.shape[0] - at)), _idle);
            scores.AddRange(metric.Score(logits.unsqueeze(1), run.Example, metric.ReadsClean ? Clean(_job.CleanOf(run)) : null));
        }

        return [.. scores];
    }

    private double Whole(LiveRows live, (PlannedPatch Patch, long Row, LiveGroup Group) one, BoundMetric metric, ExampleRun run)
    {
        using var scope = torch.NewDisposeScope();
        var window = _job.Model.LogitsOf(live.Rows!.narrow(0, one.Row, one.Group.Length), _idle);
        var logits = one.Group.Start == 0 ? window : torch.cat([Logits(run.Into).narrow(0, 0, one.Group.Start), window]);
        return metric.Score(logits.unsqueeze(0), run.Example, null)[0];
    }

    private void Baseline(ExampleRun run, int prompt, double[][] into)
    {
        using var scope = torch.NewDisposeScope();
        var sweep = _job.Sweeps[run.Sweep];
        var final = _bases[prompt].Final!;
        for (var m = 0; m < sweep.Metrics.Count; m++)
        {
            var metric = sweep.Metrics[m];
            into[m][run.Example] = metric.LastOnly
                ? Scores(final.narrow(0, final.shape[0] - 1, 1), metric, run)[0]
                : metric.Score(Logits(prompt).unsqueeze(0), run.Example, null)[0];
        }
    }

    private Tensor Logits(int prompt)
    {
        if (!_logits.TryGetValue(prompt, out var logits))
        {
            using var scope = torch.NewDisposeScope();
            _logits[prompt] = logits = _job.Model.LogitsOf(_bases[prompt].Final!, _idle).DetachFromDisposeScope();
        }

        return logits;
    }

    private Tensor Clean(int prompt)
    {
        if (!_clean.TryGetValue(prompt, out var logProbabilities))
        {
            using var scope = torch.NewDisposeScope();
            var final = _bases[prompt].Final!;
            _clean[prompt] = logProbabilities = _job.Model.LogitsOf(final.narrow(0, final.shape[0] - 1, 1), _idle).select(0, 0).to(torch.float64).log_softmax(-1).DetachFromDisposeScope();
        }

        return logProbabilities;
    }

    private void Store(List<(PlannedPatch Patch, long Row, LiveGroup Group)> patches, double[] scores, int metric, ExampleRun run)
    {
        var values = _values[run.Sweep];
        for (var i = 0; i < scores.Length; i++)
        {
            var cell = patches[i].Patch.Cell;
            if (cell >= 0)
            {
                values.Cells[metric][run.Example][cell] = scores[i];
            }
            else
            {
                ref var noise = ref Noise[run.Sweep][metric];
                noise = Math.Max(noise, Math.Abs(scores[i] - values.Into[metric][run.Example]));
            }
        }
    }
}
