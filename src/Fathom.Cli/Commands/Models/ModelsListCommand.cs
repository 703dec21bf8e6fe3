using System.CommandLine;
using Fathom.Architectures;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Lists the models that the field calls by name.</summary>
internal sealed class ModelsListCommand : CliCommand
{
    private readonly Argument<string?> _filter = new("FILTER") { Description = "Only names, aliases and architectures that contain this", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _loadable = new("--loadable") { Description = "Only models that this version can load" };
    private readonly Option<bool> _cached = new("--cached") { Description = "Only models whose files are on this machine" };

    internal override string Name => "list";

    internal override string Summary => "The official models with their aliases, sizes and where they are";

    internal override IReadOnlyList<string> Examples => ["fathom models list", "fathom models list pythia", "fathom models list --cached --json"];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_filter);
        command.Options.Add(_loadable);
        command.Options.Add(_cached);
    }

    internal override int Run(Invocation run)
    {
        var filter = run.Value(_filter) ?? "";
        var cache = new HubCache(HubOptions.FromEnvironment(run.Terminal.Variable).CacheFolder);
        var official = OfficialModels.All
            .Where(model => model.Aliases.Append(model.Name).Append(model.Architecture ?? "").Any(word => word.Contains(filter, StringComparison.OrdinalIgnoreCase)))
            .Select(model => (model.Name, Model: (OfficialModel?)model, Cached: Directory.Exists(cache.FolderOf(model.Name)) && cache.TryFind(model.Name, selection: FileSelection.Model) is not null));
        var others = cache.Repositories()
            .Where(repository => repository.RepoId.Contains(filter, StringComparison.OrdinalIgnoreCase) && ModelNames.Resolve(repository.RepoId).Official is null)
            .Select(repository => (Name: repository.RepoId, Model: (OfficialModel?)null, Cached: cache.TryFind(repository.RepoId, selection: FileSelection.Model) is not null));
        var rows = official.Concat(others)
            .Where(row => (row.Cached || !run.Value(_cached)) && (Loads(row.Model) == true || !run.Value(_loadable)))
            .ToList();
        if (run.Json)
        {
            WriteJson(run, rows);
            return ExitCode.Success;
        }

        if (run.Terminal.OutputIsTerminal)
        {
            var table = new TextTable("name", "layers", "d_model", "heads", "weights", "loads", "here", "aliases");
            foreach (var (name, model, cached) in rows)
            {
                table.Add(name, model?.NLayers, model?.DModel, model?.NHeads, Short(model?.NParams), Loads(model) switch { true => "yes", false => "", null => "?" }, cached ? "yes" : "", string.Join(", ", (model?.Aliases ?? []).Where(alias => !alias.Equals(name, StringComparison.OrdinalIgnoreCase))));
            }

            run.Write(table);
            run.Note($"{rows.Count(row => row.Model is not null)} of {OfficialModels.All.Count} official models, of which this version loads {rows.Count(row => Loads(row.Model) == true)}; names-4l is built in; any Hugging Face id or folder works as a model too. 'fathom models show NAME' tells more.");
            return ExitCode.Success;
        }

        var all = new TextTable("name", "aliases", "architecture", "n_layers", "d_model", "n_heads", "n_ctx", "d_vocab", "n_params", "loads", "cached");
        foreach (var (name, model, cached) in rows)
        {
            all.Add(name, string.Join(',', model?.Aliases ?? []), model?.Architecture, model?.NLayers, model?.DModel, model?.NHeads, model?.NCtx, model?.DVocab, model?.NParams, Loads(model) switch { true => "yes", false => "no", null => "" }, cached ? "yes" : "no");
        }

        run.Write(all);
        return ExitCode.Success;
    }

    private static void WriteJson(Invocation run, List<(string Name, OfficialModel? Model, bool Cached)> rows) => run.WriteJson("fathom.models/1", json => json.WriteArray("models", rows, row =>
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteArray("aliases", row.Model?.Aliases ?? [], json.WriteStringValue);
        json.WriteString("architecture", row.Model?.Architecture);
        WriteCount("n_layers", row.Model?.NLayers);
        WriteCount("d_model", row.Model?.DModel);
        WriteCount("n_heads", row.Model?.NHeads);
        WriteCount("n_ctx", row.Model?.NCtx);
        WriteCount("d_vocab", row.Model?.DVocab);
        WriteCount("n_params", row.Model?.NParams);
        if (Loads(row.Model) is { } loads)
        {
            json.WriteBoolean("loads", loads);
        }
        else
        {
            json.WriteNull("loads");
        }

        json.WriteBoolean("cached", row.Cached);
        json.WriteEndObject();

        void WriteCount(string name, long? count)
        {
            if (count is { } known)
            {
                json.WriteNumber(name, known);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }));

    // The catalogue itself says what this version computes; of a model whose class the table leaves open, or that is not official, only its config can tell.
    private static bool? Loads(OfficialModel? model) => model?.Architecture is { } architecture ? Catalogue.Find(architecture) is not null : null;

    // Weights of the blocks, as the table counts them.
    private static string Short(long? count) => count switch
    {
        null => "",
        >= 1_000_000_000 => FormattableString.Invariant($"{count / 1e9:0.#}B"),
        >= 1_000_000 => FormattableString.Invariant($"{count / 1e6:0.#}M"),
        _ => FormattableString.Invariant($"{count / 1e3:0.#}K"),
    };
}
