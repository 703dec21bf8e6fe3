using System.CommandLine;
using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Path patching from senders to readers.</summary>
internal sealed class PathCommand : SweepCommand
{
    private readonly Option<string> _sender = SharedOptions.Choice("--sender", "What sends", "z", "z", "result", "attn_out", "mlp_out", "resid_pre", "resid_mid", "resid_post", "residual_stream");
    private readonly Option<string?> _over = new("--sender-over") { Description = "The senders' axes, with commas: layer, pos, head [layer,head, or layer]", HelpName = "AXES" };
    private readonly Option<string?> _layers = PlaceOptions.Indices("--sender-layers", "Only senders of these layers");
    private readonly Option<string?> _heads = PlaceOptions.Indices("--sender-heads", "Only these heads send");
    private readonly Option<string?> _positions = PlaceOptions.Indices("--sender-positions", "Only what is sent at these positions");
    private readonly Option<string> _reader = SharedOptions.Choice("--reader", "What reads", "q", "q", "k", "v", "mlp", "logits");
    private readonly Option<bool> _together = new("--reader-set") { Description = "All readers chosen are one set, instead of one cell each" };
    private readonly Option<string?> _readerLayers = PlaceOptions.Indices("--reader-layers", "Only readers of these layers");
    private readonly Option<string?> _readerHeads = PlaceOptions.Indices("--reader-heads", "Only these heads read");
    private readonly Option<bool> _frozen = new("--frozen-norm") { Description = "Keep the scale of the readers' norms: linear, and an approximation" };

    internal override string Name => "path";

    internal override string Summary => "Patch what one component sends to another, and nothing else";

    internal override string Details => "Exact path patching: what a sender writes to the residual stream is replaced by that of the --from run, for one reader (or set of readers) alone; one cell for each sender and reader. The reader's norm is computed anew on its changed input.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom path --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --reader v -o paths.html",
        "fathom path --from \"Her name was Alex Carroll. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --reader logits",
    ];

    private protected override void DefineOwn(Command command)
    {
        foreach (Option option in new Option[] { _sender, _over, _layers, _heads, _positions, _reader, _together, _readerLayers, _readerHeads, _frozen })
        {
            command.Options.Add(option);
        }
    }

    private protected override IReadOnlyList<Sweep> Sweeps(Invocation run, IReadOnlyList<Metric> metrics)
    {
        var sender = Site.Named(run.Value(_sender)!);
        var readers = run.Value(_reader) switch { "q" => Readers.Queries, "k" => Readers.Keys, "v" => Readers.Values, "mlp" => Readers.Mlps, _ => Readers.Logits };
        PathSweep sweep = new()
        {
            From = Pairs.From(run),
            Into = Pairs.Into(run),
            Senders = new()
            {
                Site = sender,
                Over = run.Value(_over) is { } over ? PlaceOptions.AxesOf("--sender-over", over) : sender.Name is "z" or "result" ? [Axis.Layer, Axis.Head] : [Axis.Layer],
                Layers = IndexList.Parse("--sender-layers", run.Value(_layers)),
                Heads = IndexList.Parse("--sender-heads", run.Value(_heads)),
                Positions = IndexList.Parse("--sender-positions", run.Value(_positions)),
            },
            Readers = readers with
            {
                Over = run.Value(_together) ? [] : readers.Over,
                Layers = IndexList.Parse("--reader-layers", run.Value(_readerLayers)),
                Heads = IndexList.Parse("--reader-heads", run.Value(_readerHeads)),
            },
            Norm = run.Value(_frozen) ? ReaderNorm.FrozenScale : ReaderNorm.Recomputed,
            Metric = metrics[0],
            MoreMetrics = [.. metrics.Skip(1)],
            Direction = Pairs.Direction(run),
            Replacement = Pairs.Replacement(run),
            PrependBos = Pairs.PrependBos(run),
        };
        return [sweep];
    }
}
