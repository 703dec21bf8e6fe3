using System.CommandLine;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Interactions of pairs of patches.</summary>
internal sealed class PairCommand : SweepCommand
{
    private readonly PlaceOptions _first = new();
    private readonly Option<string?> _site = new("--with-site") { Description = "The site of the second patch [that of the first]", HelpName = "SITE" };
    private readonly Option<string?> _over = new("--with-over") { Description = "The axes of the second patch [those of the first]", HelpName = "AXES" };
    private readonly Option<string?> _layers = PlaceOptions.Indices("--with-layers", "The second patch only at these layers");
    private readonly Option<string?> _heads = PlaceOptions.Indices("--with-heads", "The second patch only at these heads");
    private readonly Option<string?> _positions = PlaceOptions.Indices("--with-positions", "The second patch only at these positions");

    internal override string Name => "pair";

    internal override string Summary => "What two patches do together beyond what each does alone";

    internal override string Details => "Interactions: f(both) - f(first) - f(second) + f(neither), for every place of the first patch with every place of the second; 0 where effects add up.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom pair --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --site z --over layer,head -o pairs.html",
    ];

    private protected override void DefineOwn(Command command)
    {
        _first.AddTo(command);
        foreach (Option option in new Option[] { _site, _over, _layers, _heads, _positions })
        {
            command.Options.Add(option);
        }
    }

    private protected override IReadOnlyList<Sweep> Sweeps(Invocation run, IReadOnlyList<Metric> metrics)
    {
        var first = _first.Read(run);
        PairSweep sweep = new()
        {
            From = Pairs.From(run),
            Into = Pairs.Into(run),
            First = first,
            Second = new()
            {
                Site = run.Value(_site) is { } site ? Site.Named(site) : first.Site,
                Over = run.Value(_over) is { } over ? PlaceOptions.AxesOf("--with-over", over) : first.Over,
                Layers = IndexList.Parse("--with-layers", run.Value(_layers)),
                Heads = IndexList.Parse("--with-heads", run.Value(_heads)),
                Positions = IndexList.Parse("--with-positions", run.Value(_positions)),
            },
            Metric = metrics[0],
            MoreMetrics = [.. metrics.Skip(1)],
            Direction = Pairs.Direction(run),
            Replacement = Pairs.Replacement(run),
            PrependBos = Pairs.PrependBos(run),
        };
        return [sweep];
    }
}
