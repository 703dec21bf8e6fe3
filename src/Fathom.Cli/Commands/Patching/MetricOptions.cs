using System.CommandLine;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The options that say how a run is scored.</summary>
internal sealed class MetricOptions
{
    private static readonly string[] Words = ["auto", "logit_difference", "logit", "probability", "log_probability", "kl", "loss"];

    private readonly Option<string[]> _answer = new("--answer") { Description = "The answer, one token, usually with its leading space; one, or one for each pair", HelpName = "TOKEN" };
    private readonly Option<string[]> _distractor = new("--distractor") { Description = "The other answer", HelpName = "TOKEN" };
    private readonly Option<string[]> _metric = new("--metric") { Description = $"How a run is scored: {string.Join(", ", Words)}; may be repeated, the first is drawn [auto]", HelpName = "WORD" };
    private readonly Option<bool> _normalised = new("--normalised") { Description = "Rescale: 0 is the corrupted run, 1 the clean one" };

    internal void AddTo(Command command)
    {
        _metric.CompletionSources.Add(Words);
        command.Options.Add(_answer);
        command.Options.Add(_distractor);
        command.Options.Add(_metric);
        command.Options.Add(_normalised);
    }

    /// <summary>The metrics, the sweep's own first.</summary>
    /// <exception cref="CommandException">The options do not describe any.</exception>
    internal IReadOnlyList<Metric> Read(Invocation run)
    {
        TokenChoice[] answers = [.. (run.Value(_answer) ?? []).Select(text => (TokenChoice)text)];
        TokenChoice[] distractors = [.. (run.Value(_distractor) ?? []).Select(text => (TokenChoice)text)];
        var given = run.Value(_metric) is { Length: > 0 } some ? some : ["auto"];
        List<string> words = [.. given.Select(word => Known(word) != "auto" ? word : distractors.Length > 0 ? "logit_difference" : answers.Length > 0 ? "logit" : "kl")];
        if (words.Distinct().Count() != words.Count)
        {
            throw CommandException.Usage($"--metric names {words.GroupBy(w => w).First(g => g.Count() > 1).Key} twice. Name each metric once.");
        }

        foreach (var word in words)
        {
            if (word is not ("kl" or "loss") && answers.Length == 0)
            {
                throw CommandException.Usage($"--metric {word} needs --answer, a text of exactly one token such as ' Hart'.");
            }

            if (word == "logit_difference" && distractors.Length == 0)
            {
                throw CommandException.Usage("--metric logit_difference needs --distractor, the other answer.");
            }
        }

        if (distractors.Length > 0 && !words.Contains("logit_difference"))
        {
            throw CommandException.Usage($"--metric {words[0]} does not read --distractor. Leave it out, or take logit_difference.");
        }

        if (answers.Length > 0 && words.All(word => word is "kl" or "loss"))
        {
            throw CommandException.Usage($"--metric {words[0]} does not read --answer. Leave it out, or take another metric.");
        }

        return [.. words.Select(word => Of(word, answers, distractors)).Select(metric => run.Value(_normalised) ? metric.Normalised() : metric)];
    }

    private static string Known(string word) => Words.Contains(word)
        ? word
        : throw CommandException.Usage($"--metric '{word}' is unknown.{Nearest.Question(word, Words)} It must be {string.Join(", ", Words[..^1])} or {Words[^1]}.");

    private static Metric Of(string word, TokenChoice[] answers, TokenChoice[] distractors) => word switch
    {
        "logit_difference" => Metric.LogitDifference(answers, distractors),
        "logit" => Metric.Logit(answers),
        "probability" => Metric.Probability(answers),
        "log_probability" => Metric.LogProbability(answers),
        "kl" => Metric.KullbackLeibler,
        _ => Metric.Loss,
    };
}
