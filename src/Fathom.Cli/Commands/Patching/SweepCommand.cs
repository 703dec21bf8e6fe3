using System.CommandLine;
using Fathom.Patching;
using Fathom.Plots.Sweeps;

namespace Fathom.Cli.Commands.Patching;

/// <summary>A command that runs sweeps over pairs of prompts: explained, computed, drawn and reported alike.</summary>
internal abstract class SweepCommand : CliCommand
{
    private static readonly string[] Shown = ["change", "recovery", "value"];

    private readonly MetricOptions _metrics = new();
    private readonly SweepRunOptions _how = new();
    private readonly Option<string?> _title = new("--title") { Description = "The figure's title", HelpName = "TEXT" };
    private readonly Option<string?> _show = new("--show") { Description = "What the figure's colours stand for: change (from the unpatched run), recovery (0 = corrupted, 1 = clean) or value [change; with --normalised, recovery]", HelpName = "WORD" };
    private readonly FigureOutputs _outputs = new();
    private readonly ModelOptions _model = new();

    /// <summary>The prompts and what is put in.</summary>
    private protected PairOptions Pairs { get; } = new();

    /// <summary>Adds what only this command has.</summary>
    private protected abstract void DefineOwn(Command command);

    /// <summary>The sweeps that the line asks for.</summary>
    /// <param name="run">The line.</param>
    /// <param name="metrics">The metrics it names, at least one.</param>
    private protected abstract IReadOnlyList<Sweep> Sweeps(Invocation run, IReadOnlyList<Metric> metrics);

    internal sealed override void Define(Command command)
    {
        Pairs.AddTo(command);
        DefineOwn(command);
        _metrics.AddTo(command);
        _how.AddTo(command);
        command.Options.Add(_title);
        _show.CompletionSources.Add(Shown);
        command.Options.Add(_show);
        _outputs.AddTo(command);
        _model.AddTo(command);
    }

    internal sealed override int Run(Invocation run)
    {
        var sweeps = Sweeps(run, _metrics.Read(run));
        var options = _how.Read(run, Pairs.Seed(run));
        _outputs.Check(run);
        var show = Show(run);
        using var model = _model.Load(run);
        if (_how.Explain(run))
        {
            PlanReport.Show(run, model, sweeps, Sweep.ExplainAll(model, sweeps, options));
            return ExitCode.Success;
        }

        run.Progress($"Patching {string.Join(", ", sweeps.Select(sweep => sweep.What))} ...");
        var results = _how.Guard(run, () => Sweep.RunAll(model, sweeps, options));
        run.Progress("");
        SweepReport.Show(run, model, $"fathom.{Name}/1", results, _outputs, run.Value(_title), show, Pairs.Seed(run));
        return ExitCode.Success;
    }

    private ShownValue? Show(Invocation run) => run.Value(_show) switch
    {
        null => null,
        "change" => ShownValue.Change,
        "recovery" => ShownValue.Recovery,
        "value" => ShownValue.Value,
        var word => throw CommandException.Usage($"--show '{word}' is unknown.{Nearest.Question(word, Shown)} It must be change, recovery or value."),
    };
}
