using System.Text.RegularExpressions;
using Fathom.Plots;

namespace Fathom.Cli.Tests;

public sealed partial class CommandLineTests
{
    [Fact]
    public void Help_lists_every_command_and_the_exit_codes()
    {
        var help = CliRun.Of(["--help"], screen: true);
        Assert.Equal(ExitCode.Success, help.Code);
        foreach (var entry in CommandCatalogue.Entries.Where(entry => !entry.Hidden))
        {
            Assert.Matches($@"(?m)^  {entry.Name} +{Regex.Escape(entry.Summary[..10])}", help.Output);
        }

        Assert.Contains("Exit codes: 0 done, 1 failed or different, 2 the command line is wrong, 3 model or file not found.", help.Output, StringComparison.Ordinal);
        Assert.Empty(help.Error);
        Assert.Equal(help, CliRun.Of([], screen: true));
    }

    [Fact]
    public void Every_command_is_listed_as_it_describes_itself_and_has_help()
    {
        foreach (var entry in CommandCatalogue.Entries)
        {
            var command = entry.Create();
            Assert.Equal((entry.Name, entry.Summary), (command.Name, command.Summary));
            foreach (var path in Paths(command, [entry.Name]))
            {
                var help = CliRun.Of([.. path, "--help"]);
                Assert.True(help.Code == ExitCode.Success, $"{string.Join(' ', path)}: {help.Error}");
                Assert.Contains($"Usage: fathom {string.Join(' ', path)}", help.Output, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_options_that_examples_use_exist()
    {
        foreach (var command in CommandCatalogue.Entries.SelectMany(entry => Leaves(entry.Create())))
        {
            var built = new System.CommandLine.Command(command.Name);
            command.Define(built);
            var names = built.Options.SelectMany(option => option.Aliases.Append(option.Name)).Concat(["--json", "--quiet", "--help"]).ToHashSet();
            foreach (var option in command.Examples.Where(example => !example.Contains('#', StringComparison.Ordinal)).SelectMany(example => OptionName().Matches(example)).Select(match => match.Groups[1].Value))
            {
                Assert.True(names.Contains(option), $"{command.Name}: an example uses {option}.");
            }
        }
    }

    [Theory]
    [InlineData("'fathom' has no command 'inof'. Did you mean 'info'?", "inof")]
    [InlineData("'fathom info' has no option '--jsno'. Did you mean '--json'?", "info", "--jsno")]
    [InlineData("'fathom info' does not know what to do with 'extra'", "info", "extra")]
    [InlineData("'fathom completion' needs SHELL", "completion")]
    [InlineData("There is no completion for 'bsah'. Did you mean 'bash'?", "completion", "bsah")]
    public void A_mistyped_line_is_refused_with_a_suggestion(string phrase, params string[] line) => CliRun.Of(line).Failed(ExitCode.Usage, phrase);

    [Fact]
    public void Version_is_one_line()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", CliRun.Of(["--version"]).Output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Completion_scripts_ask_the_tool_itself(string shell)
    {
        var script = CliRun.Of(["completion", shell]);
        Assert.Equal(ExitCode.Success, script.Code);
        Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Completion_knows_commands_and_options()
    {
        Assert.Contains("info\n", CliRun.Of(["[suggest:9]", "fathom in"]).Output, StringComparison.Ordinal);
        Assert.Contains("bash\n", CliRun.Of(["[suggest:18]", "fathom completion "]).Output, StringComparison.Ordinal);
        Assert.Contains("--json\n", CliRun.Of(["[suggest:16]", "fathom info --js"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_tells_the_policy()
    {
        var info = CliRun.Of(["info", "--json"]).Json();
        Assert.Equal("fathom.info/1", info.GetProperty("schema").GetString());
        Assert.InRange(info.GetProperty("compute").GetProperty("threads").GetInt32(), 1, 4096);
        Assert.InRange(info.GetProperty("compute").GetProperty("product_error").GetDouble(), 1e-9, 1e-5);
        Assert.StartsWith("what\tvalue\nfathom\t", CliRun.Of(["info"]).Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[1mwhat", CliRun.Of(["info"], screen: true, colors: TerminalColors.TrueColor).Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string[]> Paths(CliCommand command, string[] path) =>
        command.Children.SelectMany(child => Paths(child, [.. path, child.Name])).Prepend(path);

    private static IEnumerable<CliCommand> Leaves(CliCommand command) => command.Children.Count == 0 ? [command] : command.Children.SelectMany(Leaves);

    [GeneratedRegex(@"(?<=\s)(--?[a-z][a-z-]*)(?=[\s=]|$)")]
    private static partial Regex OptionName();
}
