using System.CommandLine;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Searches the hub.</summary>
internal sealed class ModelsSearchCommand : CliCommand
{
    private readonly Argument<string> _text = new("TEXT") { Description = "Words in the model's name" };
    private readonly Option<int> _limit = SharedOptions.Integer("--limit", "How many at most", 20, 1, 100);

    internal override string Name => "search";

    internal override string Summary => "Search the models on the Hugging Face hub";

    internal override IReadOnlyList<string> Examples => ["fathom models search smollm", "fathom models search pythia --limit 50"];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_text);
        command.Options.Add(_limit);
    }

    internal override int Run(Invocation run)
    {
        var text = run.Value(_text)!;
        if (string.IsNullOrWhiteSpace(text))
        {
            throw CommandException.Usage("TEXT is empty. Give some letters of the model's name.");
        }

        using var client = new HubClient(HubOptions.FromEnvironment(run.Terminal.Variable));
        var found = client.SearchAsync(text, run.Value(_limit), run.Cancellation).GetAwaiter().GetResult();
        if (run.Json)
        {
            run.WriteJson("fathom.models.search/1", json => json.WriteArray("models", found, model =>
            {
                json.WriteStartObject();
                json.WriteString("repo_id", model.RepoId);
                json.WriteNumber("downloads", model.Downloads);
                json.WriteNumber("likes", model.Likes);
                json.WriteBoolean("gated", model.IsGated);
                json.WriteArray("tags", model.Tags, json.WriteStringValue);
                json.WriteEndObject();
            }));
            return ExitCode.Success;
        }

        var table = new TextTable("name", "downloads", "likes", "gated", "tags");
        foreach (var model in found)
        {
            table.Add(model.RepoId, model.Downloads, model.Likes, model.IsGated ? "yes" : "", string.Join(", ", model.Tags));
        }

        run.Write(table);
        return ExitCode.Success;
    }
}
