using System.CommandLine;
using System.Globalization;
using Fathom.Patching;
using Fathom.Plots.Sweeps;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Activation patching over places of a model.</summary>
internal sealed class PatchCommand : CliCommand
{
    private readonly SweepOptionsReader _sweep = new();
    private readonly Option<string> _path = SharedOptions.Choice("--path", "How cells are computed: packed, or one whole run each", "engine", "engine", "plain");
    private readonly Option<string?> _title = new("--title") { Description = "The figure's title", HelpName = "TEXT" };
    private readonly FigureOutputs _outputs = new();
    private readonly ModelOptions _model = new();

    internal override string Name => "patch";

    internal override string Summary => "Put activations of one prompt's run into another's, place by place";

    internal override string Details => "Activation patching: the activation at one place of the --from run replaces that of the --into run, and the change of the answer is measured; one cell for each combination of the --over axes. The prompts of a pair need the same number of tokens.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom patch --from \"Her name was Alex Carroll. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" -o carroll.html",
        "fathom patch --from \"Her name was Sarah Hart. When Alex\" --into \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --distractor \" Carroll\" --site z --over layer,head",
    ];

    internal override void Define(Command command)
    {
        _sweep.AddTo(command);
        command.Options.Add(_path);
        command.Options.Add(_title);
        _outputs.AddTo(command);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var sweep = _sweep.Read(run);
        _outputs.Check(run);
        using var model = _model.Load(run);
        run.Progress($"Patching {sweep.Site} ...");
        var result = sweep.Run(model, new() { Path = run.Value(_path) == "plain" ? SweepPath.Plain : SweepPath.Engine });
        run.Progress("");
        _outputs.Save(run, result.ToFigure(run.Value(_title)));
        if (run.Json)
        {
            run.WriteJson("fathom.patch/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                SweepJson.Write(json, result);
            });
            return ExitCode.Success;
        }

        if (run.Terminal.OutputIsTerminal)
        {
            run.Terminal.Output.Write(result.ToFigure(run.Value(_title)).ToTerminal(run.Terminal.Figures));
            run.Note($"Most moved: {string.Join("; ", result.Top(3))}.");
            run.Note($"Work: {result.Work}.");
            return ExitCode.Success;
        }

        run.Write(Table(result));
        return ExitCode.Success;
    }

    // Long form: one row per cell.
    private static TextTable Table(SweepResult result)
    {
        var metric = result.Metrics[0];
        var table = new TextTable([.. result.Axes.SelectMany(axis => new[] { axis.Name, $"{axis.Name}_label" }), "value", "effect"]);
        var baseline = metric.Baseline.Average();
        for (var cell = 0; cell < result.Values.Count; cell++)
        {
            var row = new List<object?>();
            var rest = cell;
            foreach (var axis in result.Axes.Reverse())
            {
                (rest, var at) = Math.DivRem(rest, axis.Count);
                row.InsertRange(0, [axis.Indices[at].ToString(CultureInfo.InvariantCulture), axis.Labels[at]]);
            }

            table.Add([.. row, result.Values[cell], result.Values[cell] - baseline]);
        }

        return table;
    }
}
