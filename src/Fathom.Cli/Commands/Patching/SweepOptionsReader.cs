using System.CommandLine;
using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The options that spell a sweep out.</summary>
internal sealed class SweepOptionsReader
{
    private static readonly Dictionary<string, Axis> Axes = new(StringComparer.Ordinal)
    {
        ["layer"] = Axis.Layer, ["pos"] = Axis.Position, ["head"] = Axis.Head, ["query_pos"] = Axis.Destination, ["key_pos"] = Axis.Source, ["d_mlp"] = Axis.Neuron,
        ["position"] = Axis.Position, ["destination"] = Axis.Destination, ["source"] = Axis.Source, ["neuron"] = Axis.Neuron,
    };

    private readonly Option<string[]> _from = new("--from") { Description = "The prompt whose activations are taken; may be repeated", HelpName = "PROMPT", Required = true };
    private readonly Option<string[]> _into = new("--into") { Description = "The prompt whose run is patched, of as many tokens; may be repeated", HelpName = "PROMPT", Required = true };
    private readonly Option<string> _site = new("--site") { Description = $"{string.Join(", ", Site.All.Select(site => site.Name))}, or a hook name with {{i}} for the layer [residual_stream]", HelpName = "SITE", DefaultValueFactory = _ => "residual_stream" };
    private readonly Option<string> _over = new("--over") { Description = "The axes swept, with commas: layer, pos, head, query_pos, key_pos, d_mlp [layer,pos]", HelpName = "AXES", DefaultValueFactory = _ => "layer,pos" };
    private readonly Option<string[]> _answer = new("--answer") { Description = "The answer, one token, usually with its leading space; one, or one for each pair", HelpName = "TOKEN" };
    private readonly Option<string[]> _distractor = new("--distractor") { Description = "The other answer", HelpName = "TOKEN" };
    private readonly Option<string> _metric = SharedOptions.Choice("--metric", "How a run is scored", "auto", "auto", "logit_difference", "logit", "probability", "log_probability", "kl", "loss");
    private readonly Option<bool> _normalised = new("--normalised") { Description = "Rescale: 0 is the corrupted run, 1 the clean one" };
    private readonly Option<string> _direction = SharedOptions.Choice("--direction", "noising puts corrupted into clean, denoising clean into corrupted", "noising", "noising", "denoising");
    private readonly Option<string> _replacement = SharedOptions.Choice("--replacement", "What is put in: the other run's activation, or zeros", "run", "run", "zero");
    private readonly Option<string?> _layers = Indices("--layers", "Only these layers");
    private readonly Option<string?> _positions = Indices("--positions", "Only these positions");
    private readonly Option<string?> _heads = Indices("--heads", "Only these heads");
    private readonly Option<string?> _sources = Indices("--sources", "Only these key positions");
    private readonly Option<string?> _neurons = Indices("--neurons", "Only these neurons");
    private readonly Option<string> _bos = SharedOptions.Choice("--bos", "Beginning-of-sequence token in front", "auto", "auto", "yes", "no");

    internal void AddTo(Command command)
    {
        _site.CompletionSources.Add([.. Site.All.Select(site => site.Name)]);
        foreach (Option option in new Option[] { _from, _into, _site, _over, _answer, _distractor, _metric, _normalised, _direction, _replacement, _layers, _positions, _heads, _sources, _neurons, _bos })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The sweep that the options describe.</summary>
    /// <exception cref="CommandException">They do not describe one.</exception>
    internal PatchingSweep Read(Invocation run) => new()
    {
        From = Prompts(run, _from),
        Into = Prompts(run, _into),
        Site = Site.Named(run.Value(_site)!),
        Over = [.. run.Value(_over)!.Split(',').Select(word => AxisOf(word.Trim()))],
        Metric = MetricOf(run),
        Direction = run.Value(_direction) == "denoising" ? Direction.Denoising : Direction.Noising,
        Replacement = run.Value(_replacement) == "zero" ? Replacement.Zero : Replacement.Run,
        Layers = IndexList.Parse("--layers", run.Value(_layers)),
        Positions = IndexList.Parse("--positions", run.Value(_positions)),
        Heads = IndexList.Parse("--heads", run.Value(_heads)),
        Sources = IndexList.Parse("--sources", run.Value(_sources)),
        Neurons = IndexList.Parse("--neurons", run.Value(_neurons)),
        PrependBos = run.Value(_bos) switch { "yes" => true, "no" => false, _ => null },
    };

    private static Option<string?> Indices(string name, string description) => new(name) { Description = $"{description}, e.g. 0-3,7 or -1 [all]", HelpName = "LIST" };

    private static Prompts Prompts(Invocation run, Option<string[]> option) =>
        run.Value(option)!.Select(text => PromptOptions.Filled(text, option.Name)).ToArray();

    private static Axis AxisOf(string word) => Axes.TryGetValue(word, out var axis)
        ? axis
        : throw CommandException.Usage($"--over has no axis '{word}'.{Nearest.Question(word, Axes.Keys)} The axes are layer, pos, head, query_pos, key_pos and d_mlp.");

    private Metric MetricOf(Invocation run)
    {
        TokenChoice[] answers = [.. (run.Value(_answer) ?? []).Select(text => (TokenChoice)text)];
        TokenChoice[] distractors = [.. (run.Value(_distractor) ?? []).Select(text => (TokenChoice)text)];
        var word = run.Value(_metric)!;
        if (word == "auto")
        {
            word = distractors.Length > 0 ? "logit_difference" : answers.Length > 0 ? "logit" : "kl";
        }

        if (word is "logit_difference" or "logit" or "probability" or "log_probability" && answers.Length == 0)
        {
            throw CommandException.Usage($"--metric {word} needs --answer, a text of exactly one token such as ' Hart'.");
        }

        if (word == "logit_difference" && distractors.Length == 0)
        {
            throw CommandException.Usage("--metric logit_difference needs --distractor, the other answer.");
        }

        if (word != "logit_difference" && distractors.Length > 0)
        {
            throw CommandException.Usage($"--metric {word} does not read --distractor. Leave it out, or take logit_difference.");
        }

        if (word is "kl" or "loss" && answers.Length > 0)
        {
            throw CommandException.Usage($"--metric {word} does not read --answer. Leave it out, or take another metric.");
        }

        var metric = word switch
        {
            "logit_difference" => Metric.LogitDifference(answers, distractors),
            "logit" => Metric.Logit(answers),
            "probability" => Metric.Probability(answers),
            "log_probability" => Metric.LogProbability(answers),
            "kl" => Metric.KullbackLeibler,
            _ => Metric.Loss,
        };
        return run.Value(_normalised) ? metric.Normalised() : metric;
    }
}
