using System.CommandLine;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Cli;

/// <summary>The prompt of a command, and whether it begins with a beginning-of-sequence token.</summary>
internal sealed class PromptOptions
{
    private readonly Argument<string?> _prompt = new("PROMPT") { Description = "The text; standard input if it is left out or -", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _bos = SharedOptions.Choice("--bos", "Beginning-of-sequence token in front", "auto", "auto", "yes", "no");

    internal void AddTo(Command command)
    {
        command.Arguments.Add(_prompt);
        command.Options.Add(_bos);
    }

    /// <summary>Whether to prepend; null leaves it to the model.</summary>
    internal bool? PrependBos(Invocation run) => run.Value(_bos) switch { "yes" => true, "no" => false, _ => null };

    /// <summary>The prompt.</summary>
    /// <exception cref="CommandException">There is none, or it is empty.</exception>
    internal string Text(Invocation run) => Filled(run.TextOrInput(run.Value(_prompt), "PROMPT"), "PROMPT");

    /// <summary>Refuses an empty text: the model would run on its beginning-of-sequence token alone, which nobody means.</summary>
    /// <exception cref="CommandException">The text is empty.</exception>
    internal static string Filled(string text, string name) =>
        text.Length > 0 ? text : throw CommandException.Usage($"{name} is empty. Write the text that the model reads, in quotes.");

    /// <summary>The tokens of a prompt with their texts.</summary>
    internal static IReadOnlyList<(int Id, string Text)> TokensOf(HookedModel model, TokenBatch batch) =>
        [.. batch.Ids.ToIds().Select(id => ((int)id, model.ToSingleStrToken((int)id)))];

    /// <summary>The tokens in one line, as the model sees them.</summary>
    internal static string Shown(IEnumerable<string> tokens) => string.Join('|', tokens.Select(Fathom.Plots.TokenLabels.Visible));
}
