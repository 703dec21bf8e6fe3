using System.CommandLine;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Interactions of pairs of patches.</summary>
internal sealed class PairCommand : CliCommand
{
    private readonly PairOptions _pairs = new();
    private readonly PlaceOptions _first = new();
    private readonly MetricOptions _metrics = new();
    private readonly SweepRunOptions _how = new();
    private readonly Option<string?> _site = new("--with-site") { Description = "The site of the second patch [that of the first]", HelpName = "SITE" };
    private readonly Option<string?> _over = new("--with-over") { Description = "The axes of the second patch [those of the first]", HelpName = "AXES" };
    private readonly Option<string?> _layers = PlaceOptions.Indices("--with-layers", "The second patch only at these layers");
    private readonly Option<string?> _heads = PlaceOptions.Indices("--with-heads", "The second patch only at these heads");
    private readonly Option<string?> _positions = PlaceOptions.Indices("--with-positions", "The second patch only at these positions");
    private readonly Option<string?> _title = new("--title") { Description = "The figure's title", HelpName = "TEXT" };
    private readonly FigureOutputs _outputs = new();
    private readonly ModelOptions _model = new();

    internal override string Name => "pair";

    internal override string Summary => "What two patches do together beyond what each does alone";

    internal override string Details => "Interactions: f(both) - f(first) - f(second) + f(neither), for every place of the first patch with every place of the second; 0 where effects add up.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom pair --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --site z --over layer,head -o pairs.html",
    ];

    internal override void Define(Command command)
    {
        _pairs.AddTo(command);
        _first.AddTo(command);
        foreach (Option option in new Option[] { _site, _over, _layers, _heads, _positions })
        {
            command.Options.Add(option);
        }

        _metrics.AddTo(command);
        _how.AddTo(command);
        command.Options.Add(_title);
        _outputs.AddTo(command);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var metrics = _metrics.Read(run);
        var first = _first.Read(run);
        PairSweep sweep = new()
        {
            From = _pairs.From(run),
            Into = _pairs.Into(run),
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
            Direction = _pairs.Direction(run),
            Replacement = _pairs.Replacement(run),
            PrependBos = _pairs.PrependBos(run),
        };
        var options = _how.Read(run, _pairs.Seed(run));
        _outputs.Check(run);
        using var model = _model.Load(run);
        if (_how.Explain(run))
        {
            PlanReport.Show(run, model, [sweep], sweep.Explain(model, options));
            return ExitCode.Success;
        }

        run.Progress($"Patching {sweep.What} ...");
        var result = _how.Guard(run, () => sweep.Run(model, options));
        run.Progress("");
        SweepReport.Show(run, model, "fathom.pair/1", [result], _outputs, run.Value(_title), _pairs.Seed(run));
        return ExitCode.Success;
    }
}
