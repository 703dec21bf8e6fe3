using System.CommandLine;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Removes a model from the shared cache.</summary>
internal sealed class ModelsRemoveCommand : CliCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "Name, alias or Hugging Face id", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _revision = new("--revision") { Description = "Only this branch, tag or commit", HelpName = "REVISION" };
    private readonly Option<bool> _unfinished = new("--unfinished") { Description = "Remove what interrupted downloads left instead" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    internal override string Name => "rm";

    internal override string Summary => "Remove a model from this machine";

    internal override string Details => "Removes a model from the cache that all Hugging Face programs share. The other programs lose it too.";

    internal override IReadOnlyList<string> Examples => ["fathom models rm gpt2", "fathom models rm pythia-70m --revision step3000 --yes", "fathom models rm --unfinished"];

    internal override void Define(Command command)
    {
        _model.CompletionSources.Add(_ => ModelArgument.Names());
        command.Arguments.Add(_model);
        command.Options.Add(_revision);
        command.Options.Add(_unfinished);
        command.Options.Add(_yes);
    }

    internal override int Run(Invocation run)
    {
        var cache = new HubCache(HubOptions.FromEnvironment(run.Terminal.Variable).CacheFolder);
        var model = run.Value(_model);
        if (run.Value(_unfinished) == (model is not null))
        {
            throw CommandException.Usage("Name one MODEL, or give --unfinished.");
        }

        if (model is null)
        {
            Report(run, [], cache.RemoveUnfinished());
            return ExitCode.Success;
        }

        // Fails for what is not here before it asks.
        var snapshot = cache.Find(model, run.Value(_revision));
        Confirm(run, run.Value(_revision) is { } revision ? $"{snapshot.RepoId} at {revision}" : snapshot.RepoId, cache.Folder);
        var removal = cache.Remove(model, run.Value(_revision));
        Report(run, removal.Commits, removal.BytesFreed);
        return ExitCode.Success;
    }

    private void Confirm(Invocation run, string what, string folder)
    {
        if (run.Value(_yes))
        {
            return;
        }

        if (!run.Terminal.InputIsTerminal)
        {
            throw CommandException.Usage($"Removing {what} needs --yes when nobody can be asked.");
        }

        run.Terminal.Error.Write($"Remove {what} from {folder}? [y/N] ");
        if (run.Terminal.Input.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw CommandException.Failure("Nothing was removed.");
        }
    }

    private static void Report(Invocation run, IReadOnlyList<string> commits, long bytes)
    {
        if (run.Json)
        {
            run.WriteJson("fathom.models.rm/1", json =>
            {
                json.WriteArray("commits", commits, json.WriteStringValue);
                json.WriteNumber("bytes_freed", bytes);
            });
            return;
        }

        run.Note($"Freed {ByteSize.Of(bytes)}.");
    }
}
