using System.CommandLine;

namespace Fathom.Cli.Commands.Verify;

/// <summary>Compares a saved sweep with a grid of numbers.</summary>
internal sealed class VerifySweepCommand : CliCommand
{
    private readonly Argument<string> _result = new("RESULT") { Description = "What 'fathom patch --json' printed" };
    private readonly Option<string> _reference = new("--reference") { Description = "A JSON file with nested lists of numbers, or an object with \"values\"", HelpName = "FILE", Required = true };
    private readonly Option<string?> _at = new("--at") { Description = "The part of the reference that is the grid, e.g. /runs/0/resid", HelpName = "PATH" };
    private readonly Option<double> _tolerance = SharedOptions.Real("--tolerance", "The largest absolute difference that passes", 1e-4, 0);

    internal override string Name => "sweep";

    internal override string Summary => "Compare a saved sweep with a grid of numbers";

    internal override IReadOnlyList<string> Examples => ["fathom verify sweep carroll.json --reference sweeps.json --at /runs/0/resid --tolerance 1e-3"];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_result);
        command.Options.Add(_reference);
        command.Options.Add(_at);
        command.Options.Add(_tolerance);
    }

    internal override int Run(Invocation run)
    {
        var file = run.Value(_reference)!;
        var result = NumberGrid.Read(run.Value(_result)!, null);
        var reference = NumberGrid.Read(file, run.Value(_at));
        if (!result.Shape.SequenceEqual(reference.Shape))
        {
            throw CommandException.Failure($"The sweep is a grid of {string.Join(" x ", result.Shape)} numbers and the reference one of {string.Join(" x ", reference.Shape)}. Sweep over the same axes in the same order.");
        }

        // What is no number on both sides agrees.
        var differences = result.Values.Zip(reference.Values, (a, b) => double.IsNaN(a) && double.IsNaN(b) ? 0 : Math.Abs(a - b)).ToList();
        var tolerance = run.Value(_tolerance);
        var differing = differences.Count(difference => !(difference <= tolerance));
        var largest = differences.Any(double.IsNaN) ? double.NaN : differences.Max();
        if (run.Json)
        {
            run.WriteJson("fathom.verify_sweep/1", json =>
            {
                json.WriteString("result", run.Value(_result));
                json.WriteString("reference", file);
                json.WriteNumber("tolerance", tolerance);
                json.WriteBoolean("passed", differing == 0);
                json.WriteArray("shape", result.Shape, json.WriteNumberValue);
                json.WriteReal("max_difference", largest);
                json.WriteNumber("differing", differing);
            });
        }
        else
        {
            var table = new TextTable("cells", "differ", "max difference", "tolerance", "verdict");
            table.Add(differences.Count, differing, largest, tolerance, differing == 0 ? "ok" : "DIFFERS");
            run.Write(table);
        }

        if (differing > 0)
        {
            ErrorReport.Print(FormattableString.Invariant($"{differing} of {differences.Count} cells differ from {file} by more than {tolerance}; the largest difference is {largest:G3}."), run.Terminal);
            return ExitCode.Failure;
        }

        return ExitCode.Success;
    }
}
