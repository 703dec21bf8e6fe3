using Fathom.Components;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Planning;
using Fathom.Tensors;

namespace Fathom.Patching.Engine;

/// <summary>The unpatched runs of all prompts of a job, packed into as few passes as memory asks for; a prompt whose beginning another shares is run from where it differs.</summary>
internal sealed class BaseRuns : IDisposable
{
    private const long RowsPerPass = 4096;

    private readonly PatchJob _job;
    private readonly Dictionary<int, PromptRun> _runs = [];
    private readonly Dictionary<(int, HookPoint), Tensor> _means = [];
    private readonly HashSet<HookPoint> _ofBases;
    private readonly HashSet<HookPoint> _ofDonors;
    private readonly HashSet<int> _bases;
    private readonly HashSet<int> _donors;

    public BaseRuns(PatchJob job, PatchPlanner planner, IEnumerable<HookPoint> ofBases, IEnumerable<HookPoint> ofDonors)
    {
        _job = job;
        Paths = new(job, planner, this);
        _ofBases = [.. ofBases];
        _ofDonors = [.. ofDonors];
        _bases = [.. job.AllRuns.Select(r => r.Into)];
        _donors = [.. job.Donors];
        var order = Order(job, planner, _bases);
        List<(int Prompt, int First, int Base)> batch = [];
        foreach (var one in order)
        {
            var rows = batch.Sum(b => job.Prompts[b.Prompt].Length - b.First);
            if (batch.Count > 0 && (rows + job.Prompts[one.Prompt].Length - one.First > RowsPerPass || job.Prompts[batch[0].Prompt].Length != job.Prompts[one.Prompt].Length))
            {
                Run(batch);
                batch = [];
            }

            batch.Add(one);
        }

        Run(batch);
        for (var m = 0; m < job.Means.Count; m++)
        {
            AddMean(m);
        }
    }

    /// <summary>The runs to make, bases first: each prompt, the first position to run, and the base whose keys lie before it.</summary>
    public static List<(int Prompt, int First, int Base)> Order(PatchJob job, PatchPlanner planner, HashSet<int> bases)
    {
        var donors = job.Donors;
        List<(int Prompt, int First, int Base)> order = [.. bases.Order().Select(b => (b, 0, -1))];
        HashSet<int> whole = [.. job.Means.SelectMany(m => m), .. job.AllRuns.Where(r => job.Sweeps[r.Sweep].Sweep.Replacement is ExchangeReplacement).Select(r => r.From)];
        foreach (var prompt in job.AllRuns.Select(r => r.From).Concat(donors).Distinct().Order().Where(p => !bases.Contains(p)))
        {
            var users = job.AllRuns.Where(r => r.From == prompt || r.Donor == new Donor(prompt)).ToList();
            var shared = planner.SharesPrefixes && !whole.Contains(prompt) ? users.Min(r => planner.FirstDifference(r.Into, new(prompt))) : 0;
            order.Add((prompt, shared, users.Count > 0 ? users[0].Into : -1));
        }

        return order;
    }

    /// <summary>Rows that the unpatched runs sent through each block.</summary>
    public long Rows { get; private set; }

    public PromptRun this[int prompt] => _runs[prompt];

    /// <summary>What readers make of replaced senders.</summary>
    public PathValues Paths { get; }

    /// <summary>The values a donor gives at a point, and the position of their first row; no tensor for zeros.</summary>
    public (Tensor? Values, int First) Values(Donor donor, HookPoint point) => donor.IsPath
        ? Paths[donor, point]
        : donor.IsRun ? (_runs[donor.Prompt][point], _runs[donor.Prompt].First)
        : donor.IsMean ? (_means[(donor.MeanIndex, point)], 0) : (null, 0);

    public void Dispose()
    {
        Paths.Dispose();
        foreach (var run in _runs.Values)
        {
            run.Dispose();
        }

        foreach (var mean in _means.Values)
        {
            mean.Dispose();
        }
    }

    private void Run(List<(int Prompt, int First, int Base)> batch)
    {
        using var scope = torch.NewDisposeScope();
        List<Segment> segments = [];
        foreach (var (prompt, first, shared) in batch)
        {
            var length = _job.Prompts[prompt].Length;
            PromptRun run = new(length, first) { Prefix = _bases.Contains(prompt) ? new() : null };
            _runs[prompt] = run;
            Prefix prefix = run.Prefix is { } own ? own : first > 0 ? _runs[shared].Prefix!.First(first) : NoPrefix.Instance;
            segments.Add(new(1, length - first, prefix));
        }

        Pass? pass = null;
        HashSet<HookPoint> points = [.. _ofBases, .. _ofDonors];
        HookRegistration recorder = new()
        {
            Points = [.. points],
            Function = (activation, point) =>
            {
                var prompt = batch[pass!.ActiveSegment].Prompt;
                if ((_bases.Contains(prompt) && _ofBases.Contains(point)) || (_donors.Contains(prompt) && _ofDonors.Contains(point)))
                {
                    using var row = activation.select(0, 0);
                    _runs[prompt].Record(point, row);
                }

                return null;
            },
        };
        using (pass = new(segments, new([recorder])))
        {
            var ids = torch.tensor([.. batch.SelectMany(b => _job.Prompts[b.Prompt].Skip(b.First)).Select(i => (long)i)], torch.int64);
            var rows = _job.Model.EmbedRows(ids, pass);
            var final = ForwardLoop.Run(_job.Model, rows, pass, 0, _job.Model.Config.NLayers);
            foreach (var (segment, one) in segments.Zip(batch))
            {
                _runs[one.Prompt].End(final.narrow(0, segment.FirstRow, segment.Rows));
            }

            Rows += pass.Rows * _job.Model.Config.NLayers;
        }
    }

    private void AddMean(int mean)
    {
        foreach (var point in _ofDonors)
        {
            using var scope = torch.NewDisposeScope();
            Tensor? sum = null;
            foreach (var prompt in _job.Means[mean])
            {
                sum = sum is null ? _runs[prompt][point] : sum.Plus(_runs[prompt][point]);
            }

            _means[(mean, point)] = sum!.Over(_job.Means[mean].Length).DetachFromDisposeScope();
        }
    }
}
