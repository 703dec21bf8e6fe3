using System.CommandLine;

namespace Fathom.Cli.Commands;

/// <summary>Prints a script that makes a shell complete the tool's commands, options and model names.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh" };

    internal override string Name => "completion";

    internal override string Summary => "Print a completion script for bash, zsh, fish or pwsh";

    internal override IReadOnlyList<string> Examples =>
    [
        "eval \"$(fathom completion bash)\"                 # in ~/.bashrc",
        "fathom completion zsh > ~/.zsh/completions/_fathom",
        "fathom completion fish > ~/.config/fish/completions/fathom.fish",
        "fathom completion pwsh | Out-String | Invoke-Expression   # in $PROFILE",
    ];

    internal override void Define(Command command)
    {
        _shell.CompletionSources.Add("bash", "zsh", "fish", "pwsh");
        command.Arguments.Add(_shell);
    }

    internal override int Run(Invocation run)
    {
        var shell = run.Value(_shell)!;
        run.Terminal.Output.Write(shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" or "powershell" => PowerShell,
            _ => throw CommandException.Usage($"There is no completion for '{shell}'.{Nearest.Question(shell, ["bash", "zsh", "fish", "pwsh"])} The shells are bash, zsh, fish and pwsh."),
        });
        return ExitCode.Success;
    }

    // The tool itself answers: [suggest:POSITION] LINE prints one candidate a line.
    private const string Bash = """
        _fathom() {
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$(fathom "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
            [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=( $(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -F _fathom fathom

        """;

    private const string Zsh = """
        #compdef fathom
        _fathom() {
            local -a found
            found=("${(@f)$(fathom "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
            if [[ -n "$found" ]]; then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _fathom fathom

        """;

    private const string Fish = """
        function __fathom_complete
            set -l line (commandline -cp)
            fathom "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c fathom -a '(__fathom_complete)'

        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName fathom -ScriptBlock {
            param($word, $ast, $position)
            fathom "[suggest:$position]" "$ast" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
