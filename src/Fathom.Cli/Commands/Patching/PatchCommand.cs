using System.CommandLine;
using Fathom.Models;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Activation patching over places of a model.</summary>
internal sealed class PatchCommand : CliCommand
{
    private readonly PairOptions _pairs = new();
    private readonly PlaceOptions _places = new();
    private readonly MetricOptions _metrics = new();
    private readonly SweepRunOptions _how = new();
    private readonly Option<string?> _readyMade = new("--ready-made") { Description = "A sweep of the reference by its name, such as resid_pre, attn_head_out_by_pos or block_every: clean activations (--from) into the corrupted run", HelpName = "NAME" };
    private readonly Option<string?> _title = new("--title") { Description = "The figure's title", HelpName = "TEXT" };
    private readonly FigureOutputs _outputs = new();
    private readonly ModelOptions _model = new();

    internal override string Name => "patch";

    internal override string Summary => "Put activations of one prompt's run into another's, place by place";

    internal override string Details => "Activation patching: the activation at one place of the --from run replaces that of the --into run, and the change of the answer is measured; one cell for each combination of the --over axes. The prompts of a pair need the same number of tokens. Several pairs give means, standard errors and p-values.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom patch --from \"Her name was Alex Carroll. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" -o carroll.html",
        "fathom patch --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --site z --over layer,head",
        "fathom patch --from \"Her name was Alex Hart. When Alex\" --into \"Her name was Alex Carroll. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --ready-made attn_head_out_by_pos --explain",
    ];

    internal override void Define(Command command)
    {
        _pairs.AddTo(command);
        _places.AddTo(command);
        _readyMade.CompletionSources.Add([.. ReadyMade.Names]);
        command.Options.Add(_readyMade);
        _metrics.AddTo(command);
        _how.AddTo(command);
        command.Options.Add(_title);
        _outputs.AddTo(command);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var sweeps = Sweeps(run);
        var options = _how.Read(run, _pairs.Seed(run));
        _outputs.Check(run);
        using var model = _model.Load(run);
        if (_how.Explain(run))
        {
            PlanReport.Show(run, model, sweeps, Sweep.ExplainAll(model, sweeps, options));
            return ExitCode.Success;
        }

        run.Progress($"Patching {string.Join(", ", sweeps.Select(sweep => sweep.What))} ...");
        var results = _how.Guard(run, () => Sweep.RunAll(model, sweeps, options));
        run.Progress("");
        SweepReport.Show(run, model, "fathom.patch/1", results, _outputs, run.Value(_title), _pairs.Seed(run));
        return ExitCode.Success;
    }

    private List<PatchingSweep> Sweeps(Invocation run)
    {
        var metrics = _metrics.Read(run);
        var own = _places.Read(run);
        PatchingSweep Of(Places places, Direction direction) => new()
        {
            From = _pairs.From(run),
            Into = _pairs.Into(run),
            Site = places.Site,
            Over = places.Over,
            Layers = own.Layers,
            Positions = own.Positions,
            Heads = own.Heads,
            Sources = own.Sources,
            Neurons = own.Neurons,
            Metric = metrics[0],
            MoreMetrics = [.. metrics.Skip(1)],
            Direction = direction,
            Replacement = _pairs.Replacement(run),
            PrependBos = _pairs.PrependBos(run),
        };
        if (run.Value(_readyMade) is not { } name)
        {
            return [Of(own, _pairs.Direction(run))];
        }

        if (_places.Given(run))
        {
            throw CommandException.Usage("--ready-made names site and axes itself. Leave out --site and --over, or --ready-made.");
        }

        return [.. ReadyMade.Named(name).Select(places => Of(places, _pairs.DirectionGiven(run) ? _pairs.Direction(run) : Direction.Denoising))];
    }
}
