using System.CommandLine;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>The words that name a model, completed from the official names.</summary>
internal static class ModelArgument
{
    internal static Argument<string> Create()
    {
        var argument = new Argument<string>("MODEL") { Description = "Name, alias or Hugging Face id; of a repository of GGUF files owner/name/file.gguf" };
        argument.CompletionSources.Add(_ => Names());
        return argument;
    }

    internal static Option<string?> Revision() => new("--revision") { Description = "Branch, tag, commit or refs/pr/N [main]", HelpName = "REVISION" };

    internal static IEnumerable<System.CommandLine.Completions.CompletionItem> Names() =>
        OfficialModels.All.SelectMany(model => model.Aliases.Prepend(model.Name)).Prepend(UserSettings.BuiltInModel)
            .Distinct(StringComparer.OrdinalIgnoreCase).Select(name => new System.CommandLine.Completions.CompletionItem(name));
}
