using Fathom.Components;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Paths;
using Fathom.Patching.Planning;
using Fathom.Tensors;

namespace Fathom.Patching.Engine;

/// <summary>What readers make of their inputs when one sender's output is replaced: computed for many senders at once, for one layer at a time.</summary>
internal sealed class PathValues(PatchJob job, PatchPlanner planner, BaseRuns bases) : IDisposable
{
    /// <summary>Rows of senders that a reader reads together.</summary>
    internal const int RowsTogether = 4096;

    private readonly Dictionary<int, Dictionary<HookPoint, Tensor>> _sent = [];
    private readonly Dictionary<(int Path, HookPoint Point), Tensor> _values = [];

    private HookedTransformer Model => job.Model;

    /// <summary>The rows that a sender's change has.</summary>
    public static long RowsOf(PatchJob job, PathSource path, PatchPlanner planner) => path.Position >= 0 ? 1 : job.Prompts[path.Into].Length - planner.FirstOf(path);

    /// <summary>The values of a point, and the position of their first row. They were prepared.</summary>
    public (Tensor Values, int First) this[Donor donor, HookPoint point] => (_values[(donor.Path, point)], FirstOf(donor));

    /// <summary>Computes what the edits of one layer put in.</summary>
    public void Prepare(IEnumerable<Edit> edits)
    {
        foreach (var same in edits.Where(e => e.Donor.IsPath).Select(e => (e.Donor, e.Point)).Distinct().GroupBy(e => e.Point).ToList())
        {
            foreach (var batch in Batches(same.Select(e => e.Donor)))
            {
                using var scope = torch.NewDisposeScope();
                Send(batch);
                var reader = ReaderOf(same.Key);
                var streams = batch.Select(d => FrozenStream.At(Model, bases[job.Paths[d.Path].Into], reader, FirstOf(d), _sent[d.Path])).ToList();
                var read = Read(same.Key, reader, torch.cat([.. streams]), batch);
                long at = 0;
                foreach (var (donor, rows) in batch.Zip(streams.Select(s => s.shape[0])))
                {
                    _values[(donor.Path, same.Key)] = read.narrow(0, at, rows).DetachFromDisposeScope();
                    at += rows;
                }
            }
        }
    }

    /// <summary>Frees what was prepared.</summary>
    public void Forget()
    {
        foreach (var tensor in _values.Values)
        {
            tensor.Dispose();
        }

        _values.Clear();
    }

    public void Dispose()
    {
        Forget();
        foreach (var tensor in _sent.Values.SelectMany(s => s.Values))
        {
            tensor.Dispose();
        }
    }

    private int FirstOf(Donor donor) => planner.FirstOf(job.Paths[donor.Path]);

    private long Rows(Donor donor) => RowsOf(job, job.Paths[donor.Path], planner);

    private IEnumerable<List<Donor>> Batches(IEnumerable<Donor> donors)
    {
        List<Donor> open = [];
        long rows = 0;
        foreach (var donor in donors)
        {
            if (open.Count > 0 && rows + Rows(donor) > RowsTogether)
            {
                yield return open;
                (open, rows) = ([], 0);
            }

            open.Add(donor);
            rows += Rows(donor);
        }

        if (open.Count > 0)
        {
            yield return open;
        }
    }

    /// <summary>The reader whose own output is at a point.</summary>
    private ReaderPlace ReaderOf(HookPoint point)
    {
        var layer = point.Layer!.Value;
        var block = Model.Blocks[layer];
        return new(point == block.HookMlpOut ? ReaderKind.Mlp : point == block.HookResidPost ? ReaderKind.Logits
            : point == block.Attn!.HookK ? ReaderKind.Keys : point == block.Attn.HookV ? ReaderKind.Values : ReaderKind.Queries, layer, -1);
    }

    private Tensor Read(HookPoint point, ReaderPlace reader, Tensor streams, IReadOnlyList<Donor> donors)
    {
        if (reader.Kind == ReaderKind.Logits)
        {
            return streams.clone();
        }

        var block = Model.Blocks[reader.Layer];
        using var pass = PassOf(reader, donors);
        return reader.Kind == ReaderKind.Mlp ? block.MlpOut(streams, null, pass) : block.Attn!.Projected(point, block.ReadByMixer(streams, pass)).contiguous();
    }

    /// <summary>A pass over the rows of senders, at their positions.</summary>
    private Pass PassOf(ReaderPlace reader, IReadOnlyList<Donor> donors)
    {
        var segments = donors.Select(d => new Segment(1, Rows(d), bases[job.Paths[d.Path].Into].Prefix!.First(FirstOf(d)))).ToList();
        Pass? pass = null;
        var frozen = reader.Norm(Model) is { } norm && donors.Any(d => job.Paths[d.Path].Norm == ReaderNorm.FrozenScale)
            ? new ActiveHooks([new() { Points = [norm.HookScale], Function = (scale, point) => Frozen(scale, point, donors[pass!.ActiveSegment]) }])
            : ActiveHooks.None;
        pass = new Pass(segments, frozen).ForRunOf(donors.Max(d => job.Prompts[job.Paths[d.Path].Into].Length));
        if (Model.Config.Positions is Configuration.LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            pass.QueryKeyPositions = Model.PosEmbed!.Forward(pass, Model.DType).DetachFromDisposeScope();
        }

        return pass;
    }

    private Tensor? Frozen(Tensor scale, HookPoint point, Donor donor)
    {
        var path = job.Paths[donor.Path];
        return path.Norm == ReaderNorm.FrozenScale ? bases[path.Into][point].narrow(0, FirstOf(donor), scale.shape[1]).unsqueeze(0) : null;
    }

    /// <summary>Computes the change of senders' outputs that are not known yet, all that write at one point together.</summary>
    private void Send(IEnumerable<Donor> donors)
    {
        List<(Donor Donor, HookPoint Point, Tensor Before, Tensor After)> replaced = [];
        foreach (var donor in donors.Where(d => _sent.TryAdd(d.Path, [])))
        {
            var path = job.Paths[donor.Path];
            foreach (var at in path.Edits.GroupBy(e => e.Point))
            {
                var before = bases[path.Into][at.Key].narrow(0, FirstOf(donor), Rows(donor));
                var after = before.clone();
                foreach (var edit in at)
                {
                    var (values, first) = bases.Values(edit.Donor, at.Key);
                    if (values is null || edit.Position < 0 || edit.Position >= first)
                    {
                        // Before its first row a donor's run is the base's own.
                        edit.Write(after, FirstOf(donor), values, first);
                    }
                }

                replaced.Add((donor, at.Key, before, after));
            }
        }

        foreach (var same in replaced.GroupBy(r => r.Point))
        {
            var block = Model.Blocks[same.Key.Layer!.Value];
            var heads = same.Key == block.Attn?.HookZ || same.Key == block.Attn?.HookResult;
            // What heads write is what attention adds with theirs replaced, behind whatever norm follows.
            var written = heads ? Written(block, same.Key, torch.cat([.. same.Select(r => r.After)])) : null;
            long at = 0;
            foreach (var (donor, point, before, after) in same)
            {
                var rows = before.shape[0];
                var change = written is null ? after.Minus(before) : written.narrow(0, at, rows).Minus(bases[job.Paths[donor.Path].Into][block.HookAttnOut].narrow(0, FirstOf(donor), rows));
                _sent[donor.Path][written is null ? point : block.HookAttnOut] = change.DetachFromDisposeScope();
                at += rows;
            }
        }
    }

    private static Tensor Written(TransformerBlock block, HookPoint point, Tensor heads)
    {
        using Pass idle = new([], ActiveHooks.None);
        if (point == block.Attn!.HookZ)
        {
            return block.Written(block.Attn.Output(heads.contiguous(), idle), idle);
        }

        var sum = heads.sum([1L]);
        return block.Written(block.Attn.BO.IsBound ? sum.Plus(block.Attn.BO.Value) : sum, idle);
    }
}
