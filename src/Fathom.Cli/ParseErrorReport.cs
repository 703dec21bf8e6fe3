using System.CommandLine;

namespace Fathom.Cli;

/// <summary>Says what is wrong with a command line, what may have been meant, and where to read more.</summary>
internal static class ParseErrorReport
{
    internal static int Print(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        var path = Path(parsed);
        var message = parsed.UnmatchedTokens.Count > 0 ? Unmatched(parsed.UnmatchedTokens[0], command, path)
            : command.Subcommands.Count > 0 && command.Action is null ? $"'{path}' needs a subcommand: {string.Join(", ", command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name))}."
            : Missing(parsed, command, path) ?? string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct());
        ErrorReport.Print($"{message} Run '{path} --help' for the options and examples.", terminal);
        return ExitCode.Usage;
    }

    /// <summary>The words that lead to the command, such as <c>fathom models list</c>.</summary>
    internal static string Path(ParseResult parsed)
    {
        var words = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            words.Insert(0, result.Command is RootCommand ? "fathom" : result.Command.Name);
        }

        return string.Join(' ', words);
    }

    private static string? Missing(ParseResult parsed, Command command, string path)
    {
        var argument = command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0));
        if (argument is not null)
        {
            return $"'{path}' needs {argument.Name}: {argument.Description}.";
        }

        var option = command.Options.FirstOrDefault(option => option.Required && parsed.GetResult(option) is null or { Implicit: true });
        return option is { Required: true } ? $"'{path}' needs {option.Name}: {option.Description}." : null;
    }

    private static string Unmatched(string token, Command command, string path)
    {
        if (token.Length > 1 && token[0] == '-')
        {
            var name = token.Split('=', ':')[0];
            return $"'{path}' has no option '{name}'.{Nearest.Question(name, OptionNames(command))}";
        }

        return command.Subcommands.Count > 0
            ? $"'{path}' has no command '{token}'.{Nearest.Question(token, command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name))}"
            : $"'{path}' does not know what to do with '{token}'. A text of several words needs quotes.";
    }

    private static IEnumerable<string> OptionNames(Command command) => command.Options
        .Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive))
        .Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal));
}
