using Fathom.Cli.Commands;
using Fathom.Cli.Commands.Models;
using Fathom.Cli.Commands.Notebook;
using Fathom.Cli.Commands.Patching;
using Fathom.Cli.Commands.Verify;

namespace Fathom.Cli;

/// <summary>Every command of the tool, in the order of the help page.</summary>
internal static class CommandCatalogue
{
    internal static IReadOnlyList<CommandEntry> Entries { get; } =
    [
        new("Start here", "notebook", "The founding experiment, start to end, as one HTML report", () => new NotebookCommand()),
        new("Look", "predict", "The most probable next tokens after a prompt, or in place of an encoder's [MASK]", () => new PredictCommand()),
        new("Look", "test-prompt", "Rank, logit and probability of answers to a prompt", () => new TestPromptCommand()),
        new("Look", "generate", "Continue a prompt, greedily or by drawing", () => new GenerateCommand()),
        new("Look", "cache", "Run a prompt; list or save its activations", () => new CacheCommand()),
        new("Look", "tokenize", "Show a text's tokens: ids, pieces, bytes, special ones", () => new TokenizeCommand()),
        new("Look", "lens", "What each layer would predict at each position (logit lens)", () => new LensCommand()),
        new("Look", "attribute", "What each component or head adds to an answer's logit", () => new AttributeCommand()),
        new("Experiments", "patch", "Put activations of one prompt's run into another's, place by place", () => new PatchCommand()),
        new("Experiments", "path", "Patch what one component sends to another, and nothing else", () => new PathCommand()),
        new("Experiments", "pair", "What two patches do together beyond what each does alone", () => new PairCommand()),
        new("Models", "models", "List, show, download, save and remove models; set the default", () => new ModelsCommand()),
        new("Check", "verify", "Compare a model, tokenizer or sweep with a reference; exit 1 if they differ", () => new VerifyCommand()),
        new("This tool", "info", "Versions, processors, memory, devices, folders", () => new InfoCommand()),
        new("This tool", "completion", "Print a completion script for bash, zsh, fish or pwsh", () => new CompletionCommand()),
    ];
}
