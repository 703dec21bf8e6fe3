using Fathom.Cli.Commands;
using Fathom.Cli.Commands.Models;

namespace Fathom.Cli;

/// <summary>Every command of the tool, in the order of the help page.</summary>
internal static class CommandCatalogue
{
    internal static IReadOnlyList<CommandEntry> Entries { get; } =
    [
        new("Look", "tokenize", "Show a text's tokens: ids, pieces, bytes, special ones", () => new TokenizeCommand()),
        new("Models", "models", "List, show, download and remove models; set the default", () => new ModelsCommand()),
        new("This tool", "info", "Versions, processors, memory, devices, folders", () => new InfoCommand()),
        new("This tool", "completion", "Print a completion script for bash, zsh, fish or pwsh", () => new CompletionCommand()),
    ];
}
