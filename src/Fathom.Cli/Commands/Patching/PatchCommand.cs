using System.CommandLine;
using Fathom.Models;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Activation patching over places of a model.</summary>
internal sealed class PatchCommand : SweepCommand
{
    private readonly PlaceOptions _places = new();
    private readonly Option<string?> _readyMade = new("--ready-made") { Description = "A sweep of the reference by its name, such as resid_pre, attn_head_out_by_pos or block_every: clean activations (--from) into the corrupted run", HelpName = "NAME" };

    internal override string Name => "patch";

    internal override string Summary => "Put activations of one prompt's run into another's, place by place";

    internal override string Details => "Activation patching: the activation at one place of the --from run replaces that of the --into run, and the change of the answer is measured; one cell for each combination of the --over axes. The prompts of a pair need the same number of tokens. Several pairs give means, standard errors and p-values.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom patch --from \"Her name was Alex Carroll. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" -o carroll.html",
        "fathom patch --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --site z --over layer,head",
        "fathom patch --from \"Her name was Alex Hart. When Alex\" --into \"Her name was Alex Carroll. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --ready-made attn_head_out_by_pos --explain",
    ];

    private protected override void DefineOwn(Command command)
    {
        _places.AddTo(command);
        _readyMade.CompletionSources.Add([.. ReadyMade.Names]);
        command.Options.Add(_readyMade);
    }

    private protected override IReadOnlyList<Sweep> Sweeps(Invocation run, IReadOnlyList<Metric> metrics)
    {
        var own = _places.Read(run);
        PatchingSweep Of(Places places, Direction direction) => new()
        {
            From = Pairs.From(run),
            Into = Pairs.Into(run),
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
            Replacement = Pairs.Replacement(run),
            PrependBos = Pairs.PrependBos(run),
        };
        if (run.Value(_readyMade) is not { } name)
        {
            return [Of(own, Pairs.Direction(run))];
        }

        if (_places.Given(run))
        {
            throw CommandException.Usage("--ready-made names site and axes itself. Leave out --site and --over, or --ready-made.");
        }

        return [.. ReadyMade.Named(name).Select(places => Of(places, Pairs.DirectionGiven(run) ? Pairs.Direction(run) : Direction.Denoising))];
    }
}
