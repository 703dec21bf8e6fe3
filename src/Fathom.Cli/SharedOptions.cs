using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Fathom.Cli;

/// <summary>Options that several commands have, and kinds of options that refuse bad values in words.</summary>
internal static class SharedOptions
{
    internal static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document (docs/json.md)", Recursive = true };

    internal static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No notes and no progress on standard error", Recursive = true };

    /// <summary>The model a command runs on.</summary>
    internal static Option<string?> Model() => new("--model", "-m") { Description = "Name, alias, Hugging Face id or folder", HelpName = "MODEL" };

    /// <summary>A whole number in a range.</summary>
    internal static Option<int> Integer(string name, string description, int standard, int least, int most = int.MaxValue) => new(name)
    {
        Description = $"{description} [{standard}]",
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }

            result.AddError($"{name} must be a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}, not '{text}'.");
            return standard;
        },
    };

    /// <summary>A number in a range.</summary>
    internal static Option<double> Real(string name, string description, double standard, double least, double most = double.PositiveInfinity) => new(name)
    {
        Description = FormattableString.Invariant($"{description} [{standard}]"),
        HelpName = "X",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }

            var range = double.IsPositiveInfinity(most) ? $"of at least {least.ToString(CultureInfo.InvariantCulture)}" : FormattableString.Invariant($"from {least} to {most}");
            result.AddError($"{name} must be a number {range}, not '{text}'.");
            return standard;
        },
    };

    /// <summary>One word of a few.</summary>
    internal static Option<string> Choice(string name, string description, string standard, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}: {string.Join(", ", words)} [{standard}]",
            HelpName = "WORD",
            DefaultValueFactory = _ => standard,
        };
        option.CompletionSources.Add(words);
        option.Validators.Add(result => CheckWord(result, name, words));
        return option;
    }

    private static void CheckWord(OptionResult result, string name, string[] words)
    {
        if (result.Tokens.Count > 0 && !words.Contains(result.Tokens[^1].Value))
        {
            var typed = result.Tokens[^1].Value;
            result.AddError($"{name} '{typed}' is unknown.{Nearest.Question(typed, words)} It must be {string.Join(", ", words[..^1])} or {words[^1]}.");
        }
    }
}
