using System.CommandLine;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The options that say which runs are patched with what.</summary>
internal sealed class PairOptions
{
    private readonly Option<string[]> _from = new("--from") { Description = "The prompt whose activations are taken; may be repeated", HelpName = "PROMPT", Required = true };
    private readonly Option<string[]> _into = new("--into") { Description = "The prompt whose run is patched, of as many tokens; may be repeated", HelpName = "PROMPT", Required = true };
    private readonly Option<string> _direction = SharedOptions.Choice("--direction", "noising puts corrupted into clean, denoising clean into corrupted", "noising", "noising", "denoising");
    private readonly Option<string> _replacement = SharedOptions.Choice("--replacement", "What is put in: the other run's activation, zeros, a mean (--mean-over), another pair's", "run", "run", "zero", "mean", "resample");
    private readonly Option<string[]> _mean = new("--mean-over") { Description = "A prompt that the mean is taken over, of as many tokens; may be repeated", HelpName = "PROMPT" };
    private readonly Option<string?> _exchange = new("--exchange") { Description = "Two positions whose activations change places, e.g. 4,8: recorded ones of --from", HelpName = "I,J" };
    private readonly Option<bool> _live = new("--live") { Description = "The exchange takes the values of the run being patched; on several layers it can undo itself" };
    private readonly Option<int> _seed = SharedOptions.Integer("--seed", "The seed of resampling, of the cells checked and of statistics", 0, 0);
    private readonly Option<string> _bos = SharedOptions.Choice("--bos", "Beginning-of-sequence token in front", "auto", "auto", "yes", "no");

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _from, _into, _direction, _replacement, _mean, _exchange, _live, _seed, _bos })
        {
            command.Options.Add(option);
        }
    }

    internal Prompts From(Invocation run) => Read(run, _from);

    internal Prompts Into(Invocation run) => Read(run, _into);

    internal int Seed(Invocation run) => run.Value(_seed);

    internal bool? PrependBos(Invocation run) => run.Value(_bos) switch { "yes" => true, "no" => false, _ => null };

    internal bool DirectionGiven(Invocation run) => run.Given(_direction);

    internal Direction Direction(Invocation run) => run.Value(_direction) == "denoising" ? Fathom.Patching.Direction.Denoising : Fathom.Patching.Direction.Noising;

    /// <summary>What is put in.</summary>
    /// <exception cref="CommandException">A mean has no source, or a source has no mean.</exception>
    internal Replacement Replacement(Invocation run)
    {
        var word = run.Value(_replacement);
        var calibration = run.Value(_mean) ?? [];
        if (word == "mean" && calibration.Length == 0)
        {
            throw CommandException.Usage("--replacement mean needs --mean-over, the prompts whose mean is put in; none of them may be a prompt that is patched.");
        }

        if (word != "mean" && calibration.Length > 0)
        {
            throw CommandException.Usage($"--replacement {word} does not read --mean-over. Leave it out, or take mean.");
        }

        if (run.Value(_exchange) is { } exchange)
        {
            return IndexList.Parse("--exchange", exchange) is [var first, var second] && !run.Given(_replacement)
                ? Fathom.Patching.Replacement.Exchange(first, second, run.Value(_live))
                : throw CommandException.Usage($"--exchange '{exchange}' names two positions, such as 4,8, and stands instead of --replacement.");
        }

        if (run.Value(_live))
        {
            throw CommandException.Usage("--live says how positions are exchanged and needs --exchange.");
        }

        return word switch
        {
            "zero" => Fathom.Patching.Replacement.Zero,
            "mean" => Fathom.Patching.Replacement.Mean(Read(run, _mean)),
            "resample" => Fathom.Patching.Replacement.Resample(Seed(run)),
            _ => Fathom.Patching.Replacement.Run,
        };
    }

    private static Prompts Read(Invocation run, Option<string[]> option) =>
        run.Value(option)!.Select(text => PromptOptions.Filled(text, option.Name)).ToArray();
}
