using System.Text.Json;
using Fathom.Cli;
using Fathom.Plots;

namespace Fathom.Cli.Tests;

/// <summary>What one command line printed and returned, run in this process.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    // No test sees, or changes, what the person who runs it has set up.
    private static readonly Dictionary<string, string> Nowhere = new()
    {
        ["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "fathom-tests-no-settings"),
        ["HF_HUB_CACHE"] = Path.Combine(Path.GetTempPath(), "fathom-tests-no-cache"),
    };

    /// <summary>Runs as in a pipe; <paramref name="screen"/> runs as on a terminal of 100 columns.</summary>
    internal static CliRun Of(string[] args, string? input = null, bool screen = false, TerminalColors colors = TerminalColors.None, IReadOnlyDictionary<string, string>? variables = null)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal
        {
            Output = output,
            Error = error,
            Input = new StringReader(input ?? ""),
            OutputIsTerminal = screen,
            InputIsTerminal = input is null,
            Width = 100,
            Colors = colors,
            Variable = name => variables is not null && variables.TryGetValue(name, out var value) ? value : Nowhere.GetValueOrDefault(name),
        };
        var code = CommandLine.RunAsync(args, terminal).GetAwaiter().GetResult();
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>The standard output as JSON, after the run succeeded.</summary>
    internal JsonElement Json()
    {
        Assert.True(Code == ExitCode.Success, Error);
        return JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>Checks that the run failed as promised: the code, one paragraph, no trace, no output.</summary>
    internal void Failed(int code, params string[] phrases)
    {
        Assert.True(code == Code, $"exit code {Code} instead of {code}: {Error}{Output}");
        Assert.StartsWith("error: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", Error.TrimEnd('\n'), StringComparison.Ordinal);
        Assert.Empty(Output);
        foreach (var phrase in phrases)
        {
            Assert.Contains(phrase, Error, StringComparison.Ordinal);
        }
    }
}
