using System.CommandLine;

namespace Fathom.Cli;

/// <summary>The help of one command, or of the whole tool.</summary>
internal static class HelpPage
{
    internal static void Print(Command command, string path, CliCommand? definition, Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine(Wrapping.Wrap(definition is { Details.Length: > 0 } ? definition.Details : command.Description ?? "", terminal.Width));
        output.WriteLine();
        output.WriteLine($"{terminal.Bold("Usage:")} {Usage(command, path)}");

        if (command is RootCommand)
        {
            foreach (var group in CommandCatalogue.Entries.Where(entry => !entry.Hidden).GroupBy(entry => entry.Group))
            {
                Section(terminal, group.Key, group.Select(entry => (entry.Name, entry.Summary)));
            }
        }
        else
        {
            Section(terminal, "Commands", command.Subcommands.Where(child => !child.Hidden).Select(child => (child.Name, child.Description ?? "")));
        }

        Section(terminal, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        Section(terminal, "Options", command.Options.Concat(Inherited(command)).Where(option => !option.Hidden).Select(option => (Label(option), option.Description ?? "")));
        if (definition is { Examples.Count: > 0 })
        {
            output.WriteLine();
            output.WriteLine(terminal.Bold("Examples:"));
            foreach (var example in definition.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine("Exit codes: 0 done, 1 failed or different, 2 the command line is wrong, 3 model or file not found.");
            output.WriteLine("'fathom COMMAND --help' shows a command's options and examples.");
        }
    }

    private static string Usage(Command command, string path)
    {
        var arguments = command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}");
        return $"{path}{(command.Subcommands.Count > 0 ? " COMMAND" : "")}{string.Concat(arguments)} [options]";
    }

    private static IEnumerable<Option> Inherited(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Inherited(parent).Concat(parent.Options.Where(option => option.Recursive)));

    private static string Label(Option option)
    {
        var names = option.Aliases.Where(alias => alias.Length == 2 && alias[0] == '-' && alias != "-?").Concat([option.Name]);
        var value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" {option.HelpName}";
        return string.Join(", ", names) + value;
    }

    private static void Section(Terminal terminal, string title, IEnumerable<(string Term, string Text)> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
        {
            return;
        }

        terminal.Output.WriteLine();
        terminal.Output.WriteLine(terminal.Bold($"{title}:"));
        var column = Math.Min(28, all.Max(line => line.Term.Length)) + 4;
        foreach (var (term, text) in all)
        {
            // A long term pushes its text onto the next line.
            var lead = term.Length + 4 > column ? $"  {term}\n{new string(' ', column)}" : $"  {term}".PadRight(column);
            terminal.Output.WriteLine(lead + Wrapping.Wrap(text, terminal.Width, column));
        }
    }
}
