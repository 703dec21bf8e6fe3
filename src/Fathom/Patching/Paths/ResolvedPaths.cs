using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching.Paths;

/// <summary>A path sweep on one model.</summary>
internal sealed class ResolvedPaths : ResolvedSweep
{
    private static readonly Site[] CanSend = [Site.Z, Site.Result, Site.AttnOut, Site.MlpOut, Site.ResidPre, Site.ResidMid, Site.ResidPost, Site.ResidualStream];

    private readonly PlaceSet _senders;
    private readonly ReaderSet _readers;

    public ResolvedPaths(PathSweep sweep, StackedModel stack)
        : base(sweep, stack)
    {
        var model = stack as HookedTransformer ?? throw new SweepInputException($"{stack.Source.Name} is an encoder, and paths are followed in decoders. Patch its activations by a PatchingSweep.");
        if (!CanSend.Contains(sweep.Senders.Site))
        {
            throw new SweepInputException($"'{sweep.Senders.Site}' is not what a component writes to the residual stream. Senders are {string.Join(", ", CanSend.Select(s => s.Name))}.");
        }

        if (model.Blocks.ToList().FindIndex(b => b.Config is not { AltUp: null, Laurel: null, PerLayerInput: null, CrossAttention: null, OutputScale: false }) is var odd and >= 0)
        {
            throw new SweepInputException($"Block {odd} of {model.Config.Architecture} changes the stream by more than what attention and MLP add, so that nothing goes from a sender to a reader unchanged. Patch its activations by a PatchingSweep.");
        }

        if (sweep.Replacement is ExchangeReplacement)
        {
            throw new SweepInputException("A path puts a sender's values in at their own positions. Exchange positions in a PatchingSweep.");
        }

        Paths = sweep;
        _senders = new(this, sweep.Senders, "sender_");
        if (sweep.Senders.Site.Name is "z" or "result" && _senders.Points.FirstOrDefault(p => model.Blocks[p.Layer!.Value].Attn is null) is { } routed)
        {
            throw new SweepInputException($"'{routed.Name}' is chosen by a router, and a head of it alone writes nothing by itself. Send {Site.AttnOut} instead.");
        }

        _readers = new(model, sweep.Readers);
        Axes = [.. _senders.Axes, .. _readers.Axes];
        if (Axes.Count == 0)
        {
            throw new SweepInputException("A path sweep needs an axis of its senders or its readers, such as Senders = Places.Of(Site.Z, Axis.Layer, Axis.Head); found none.");
        }

        if (sweep.Senders.Site.Name.StartsWith("resid", StringComparison.Ordinal) && SenderCount > 0 && EditsOfSender(0, Donor.Zero).Select(e => e.Layer).Distinct().Count() > 1)
        {
            throw new SweepInputException($"'{sweep.Senders.Site}' of several layers is no sender: the last layer's stream replaces what the others sent. Sweep over layers, or choose one.");
        }

        Everywhere = Enumerable.Range(0, _readers.Count).Any(r => _readers[r].Select(p => p.Stage(model)).Distinct().Count() > 1);
        if (sweep.Norm == ReaderNorm.FrozenScale)
        {
            if (Everywhere || _readers.All.Any(p => p.Kind == ReaderKind.Logits))
            {
                throw new SweepInputException("Norms with a frozen scale are for readers of one layer and kind at a time, and not for the logits. Sweep over layers, or recompute the norms.");
            }
        }
    }

    public PathSweep Paths { get; }

    private HookedTransformer Decoder => (HookedTransformer)Model;

    public override IReadOnlyList<SweepAxis> Axes { get; }

    public override IReadOnlyList<HookPoint> Points => _senders.Points;

    /// <summary>Whether a set has readers that see each other's effects, so that they are clamped at every position.</summary>
    public bool Everywhere { get; }

    /// <summary>How many senders there are; each goes with every set of readers.</summary>
    public int SenderCount => _senders.Axes.Aggregate(1, (n, a) => checked(n * a.Count));

    /// <summary>All readers.</summary>
    public IEnumerable<ReaderPlace> AllReaders => _readers.All;

    /// <summary>The sender of a cell, and its set of readers.</summary>
    public (int Sender, int Readers) PartsOf(int cell) => Math.DivRem(cell, _readers.Count);

    /// <summary>The readers of a set.</summary>
    public IReadOnlyList<ReaderPlace> ReadersOf(int set) => _readers[set];

    /// <summary>What replaces a sender's output.</summary>
    public IReadOnlyList<Edit> EditsOfSender(int sender, Donor donor)
    {
        var indices = new int[_senders.Axes.Count];
        for (var a = indices.Length - 1; a >= 0; a--)
        {
            (sender, indices[a]) = Math.DivRem(sender, _senders.Axes[a].Count);
        }

        return _senders.EditsAt(indices, donor);
    }

    /// <summary>The readers' own outputs on their changed inputs.</summary>
    public override IReadOnlyList<Edit> EditsOf(int cell, ExampleRun run)
    {
        var (sender, set) = PartsOf(cell);
        var sent = EditsOfSender(sender, run.Donor);
        var first = sent.Min(e => ReaderPlace.StageOf(e.Point, Decoder));
        List<ReaderPlace> reached = [.. _readers[set].Where(r => r.Stage(Decoder) >= first)];
        if (reached.Count == 0)
        {
            return [];
        }

        // Readers that see each other's effects are clamped at every position; otherwise the others keep their values by themselves.
        IReadOnlyList<int> positions = _readers[set].Select(r => r.Stage(Decoder)).Distinct().Count() > 1 ? [-1] : [.. sent.Select(e => e.Position).Distinct()];
        Donor donor = new(run.Donor.Prompt, run.FirstPath + sender);
        return [.. reached.OrderBy(r => r.Stage(Decoder)).SelectMany(r => r.Points(Decoder).SelectMany(point => positions.Select(p => new Edit(point, At(point, p, r.Head), donor))))];
    }

    private static int[] At(HookPoint point, int position, int head) => point.Axes.Names.Count == 4 ? [position, head, -1] : [position, -1];
}
