using System.CommandLine;
using System.Globalization;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The options that say how a sweep is run: what it may cost, and how well it is proved.</summary>
internal sealed class SweepRunOptions
{
    private readonly Option<bool> _plain = new("--plain") { Description = "One whole forward run for each cell, instead of the engine" };
    private readonly Option<bool> _explain = new("--explain") { Description = "Print the plan with its predicted work against a loop's, and run nothing" };
    private readonly Option<string> _check = new("--check") { Description = "Cells computed a second time by whole runs: a number, or all [2]", HelpName = "N", DefaultValueFactory = _ => "2" };
    private readonly Option<string?> _memory = new("--memory") { Description = "What the run may take beside the model, e.g. 4GiB or 512MiB [half of what is free]", HelpName = "SIZE" };
    private readonly Option<string?> _resume = new("--resume") { Description = "A file that finished groups are written to; the same command goes on from there", HelpName = "FILE" };
    private readonly Option<string> _precision = SharedOptions.Choice("--precision", "Type that cells are computed in: the model's own, or 16-bit with the measured difference", "model", "model", "bf16");

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _plain, _explain, _check, _memory, _resume, _precision })
        {
            command.Options.Add(option);
        }
    }

    internal bool Explain(Invocation run) => run.Value(_explain);

    /// <summary>The options of the run.</summary>
    /// <param name="run">The command.</param>
    /// <param name="seed">The seed of the cells checked.</param>
    /// <exception cref="CommandException">They contradict each other or cannot be read.</exception>
    internal SweepOptions Read(Invocation run, int seed)
    {
        var plain = run.Value(_plain);
        foreach (var option in new Option[] { _check, _memory, _resume, _precision, _explain })
        {
            if (plain && run.Given(option))
            {
                throw CommandException.Usage($"--plain runs one whole forward run for each cell and does not read {option.Name}. Leave one of them out.");
            }
        }

        return new()
        {
            Path = plain ? SweepPath.Plain : SweepPath.Engine,
            CheckCells = Cells(run.Value(_check)!),
            MemoryBudget = run.Value(_memory) is { } size ? ByteSize.Parse("--memory", size) : null,
            ResumeFile = ResumeFile(run),
            Precision = run.Value(_precision) == "bf16" ? SweepPrecision.BFloat16 : SweepPrecision.Model,
            Seed = seed,
            Cancellation = run.Cancellation,
            Progress = new Drawn(run.Progress),
        };
    }

    /// <summary>Runs, and says where a stopped run left what it had done.</summary>
    internal T Guard<T>(Invocation run, Func<T> sweep)
    {
        try
        {
            return sweep();
        }
        catch (OperationCanceledException) when (run.Value(_resume) is { } file && File.Exists(file))
        {
            run.Note($"What was finished is in {Path.GetFullPath(file)}; the same command goes on from there.");
            throw;
        }
    }

    private string? ResumeFile(Invocation run)
    {
        if (run.Value(_resume) is not { } file)
        {
            return null;
        }

        AtomicFile.CheckWritable(file);
        return file;
    }

    private static int Cells(string text) => text == "all" ? SweepOptions.AllCells
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw CommandException.Usage($"--check '{text}' is neither a number of cells nor 'all'. Write --check 10, --check all, or --check 0 for none.");

    private sealed class Drawn(Action<string> draw) : IProgress<SweepProgress>
    {
        void IProgress<SweepProgress>.Report(SweepProgress value) => draw($"{value}");
    }
}
