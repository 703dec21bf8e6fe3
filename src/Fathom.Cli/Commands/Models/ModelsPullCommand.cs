using System.CommandLine;
using System.Globalization;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Downloads a model into the cache that all Hugging Face programs share.</summary>
internal sealed class ModelsPullCommand : CliCommand
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _revision = ModelArgument.Revision();
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "A moment of its training: a step, or the run's own label", HelpName = "STEP" };
    private readonly Option<string> _files = SharedOptions.Choice("--files", "Which files", "model", "model", "tokenizer", "config", "all");
    private readonly Option<bool> _plan = new("--plan") { Description = "Only say what would be fetched" };

    internal override string Name => "pull";

    internal override string Summary => "Download a model into the shared Hugging Face cache";

    internal override string Details => "Downloads a model into the cache that all Hugging Face programs share (HF_HUB_CACHE), each file verified by its hash. What is there already is not fetched again; an interrupted download goes on where it stopped.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom models pull gpt2",
        "fathom models pull pythia-70m --checkpoint 3000",
        "fathom models pull Qwen/Qwen3-0.6B --files tokenizer",
        "fathom models pull meta-llama/Llama-3.2-1B --plan",
        "fathom models pull Qwen/Qwen2.5-0.5B-Instruct-GGUF/qwen2.5-0.5b-instruct-q8_0.gguf",
    ];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_model);
        command.Options.Add(_revision);
        command.Options.Add(_checkpoint);
        command.Options.Add(_files);
        command.Options.Add(_plan);
    }

    internal override int Run(Invocation run)
    {
        var gguf = GgufFile.TryParse(run.Value(_model)!, out var file) ? file : null;
        var name = gguf?.RepoId ?? run.Value(_model)!;
        using var client = new HubClient(HubOptions.FromEnvironment(run.Terminal.Variable));
        var saved = Checkpoint(run, name, client);
        var revision = saved is null ? run.Value(_revision) : saved.Revision;
        var selection = run.Value(_files) switch
        {
            "tokenizer" => FileSelection.Tokenizer,
            "config" => FileSelection.Configuration,
            "all" => FileSelection.All,
            _ => gguf?.Selection ?? (saved?.File is { } weights ? FileSelection.Configuration.And(weights) : FileSelection.Model),
        };
        if (run.Value(_plan))
        {
            WritePlan(run, client.PlanAsync(name, revision, selection, run.Cancellation).GetAwaiter().GetResult());
            return ExitCode.Success;
        }

        var snapshot = client.EnsureAsync(name, revision, selection, new Reporter(run), run.Cancellation).GetAwaiter().GetResult();
        PullTokenizer(run, client, name, snapshot);
        run.Progress("");
        if (snapshot.Notice is { } notice)
        {
            run.Note(notice);
        }

        if (run.Json)
        {
            SnapshotJson.Write(run, snapshot);
            return ExitCode.Success;
        }

        run.Note($"{snapshot.RepoId} at {snapshot.Revision} ({snapshot.Commit[..8]}): {Files(snapshot)}, {ByteSize.Of(snapshot.Files.Sum(file => file.Bytes))}.");
        run.Terminal.Output.WriteLine(snapshot.Folder);
        return ExitCode.Success;
    }

    private SavedCheckpoint? Checkpoint(Invocation run, string name, HubClient client)
    {
        if (run.Value(_checkpoint) is not { } checkpoint)
        {
            return null;
        }

        return run.Value(_revision) is null
            ? client.CheckpointsAsync(name, run.Cancellation).GetAwaiter().GetResult().At(Hub.Checkpoint.Parse(checkpoint))
            : throw CommandException.Usage("--checkpoint and --revision both say which weights are meant. Give one of them.");
    }

    /// <summary>Fetches the tokenizer of the repository that the model's config names, where the model has none of its own.</summary>
    private void PullTokenizer(Invocation run, HubClient client, string name, HubSnapshot snapshot)
    {
        if (run.Value(_files) == "tokenizer" && snapshot.Files.Count == 0)
        {
            client.EnsureFileAsync(name, "config.json", snapshot.Commit, run.Cancellation).GetAwaiter().GetResult();
        }

        if (NamedTokenizer.In(snapshot.Folder) is { } other && run.Value(_files) != "config")
        {
            var tokenizer = client.EnsureAsync(other, null, FileSelection.Tokenizer, new Reporter(run), run.Cancellation).GetAwaiter().GetResult();
            run.Note($"Its tokenizer is that of {tokenizer.RepoId} ({tokenizer.Commit[..8]}): {Files(tokenizer)}.");
        }
    }

    private static string Files(HubSnapshot snapshot) => snapshot.Files.Count == 1 ? "1 file" : $"{snapshot.Files.Count} files";

    private static void WritePlan(Invocation run, DownloadPlan plan)
    {
        if (run.Json)
        {
            run.WriteJson("fathom.models.plan/1", json =>
            {
                json.WriteString("repo_id", plan.RepoId);
                json.WriteString("revision", plan.Revision);
                json.WriteString("commit", plan.Commit);
                json.WriteNumber("total_bytes", plan.TotalBytes);
                json.WriteNumber("bytes_to_fetch", plan.BytesToFetch);
                json.WriteArray("files", plan.Files, file =>
                {
                    json.WriteStartObject();
                    json.WriteString("path", file.Path);
                    json.WriteNumber("bytes", file.Bytes);
                    json.WriteBoolean("here", file.IsHere);
                    json.WriteEndObject();
                });
            });
            return;
        }

        var table = new TextTable("file", "bytes", "here");
        foreach (var file in plan.Files)
        {
            table.Add(file.Path, file.Bytes, file.IsHere ? "yes" : "no");
        }

        run.Write(table);
        run.Note($"{ByteSize.Of(plan.BytesToFetch)} to fetch of {ByteSize.Of(plan.TotalBytes)}.");
    }

    private sealed class Reporter(Invocation run) : IProgress<HubProgress>
    {
        private readonly Lock _lock = new();

        public void Report(HubProgress value)
        {
            lock (_lock)
            {
                if (value.Notice is { } notice)
                {
                    run.Progress("");
                    run.Note(notice);
                }

                run.Progress(string.Create(CultureInfo.InvariantCulture, $"{value.RepoId}  {value.Fraction:0%}  {ByteSize.Of(value.Bytes)} of {ByteSize.Of(value.TotalBytes)}  {value.FilesDone}/{value.FileCount} files"));
            }
        }
    }
}
