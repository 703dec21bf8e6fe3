using System.CommandLine;
using Fathom.Loading;
using Fathom.Models;
using TorchSharp;

namespace Fathom.Cli.Commands.Models;

/// <summary>Writes a model that can be loaded as a plain folder, or as a state dict.</summary>
internal sealed class ModelsSaveCommand : CliCommand
{
    private const string Stored = "stored";

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string> _out = new("--out", "-o") { Description = "The folder to write, or with --state-dict the .safetensors file", HelpName = "PATH", Required = true };
    private readonly Option<string> _dtype = SharedOptions.Choice("--dtype", "Type of the weights; stored keeps each tensor's own", Stored, [Stored, .. NumberType.Words]);
    private readonly Option<string?> _revision = ModelArgument.Revision();
    private readonly Option<string?> _adapter = new("--adapter") { Description = "The folder of a LoRA adapter to merge into the weights", HelpName = "FOLDER" };
    private readonly Option<string> _shard = new("--shard-size") { Description = "The most bytes of weights in one file, such as 500MB [5GB]", HelpName = "SIZE", DefaultValueFactory = _ => "5GB" };
    private readonly Option<bool> _stateDict = new("--state-dict") { Description = "One file with the field's names (blocks.0.attn.W_Q) instead of a folder" };
    private readonly Option<string> _processing = SharedOptions.Choice("--processing", "With --state-dict: weights as in the file, or as the field reads them (norms folded, centred)", "none", "none", "default");
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace an earlier saved model there" };

    internal override string Name => "save";

    internal override string Summary => "Write a model as a plain folder, or as a state dict";

    internal override string Details => "Loads a model (GGUF files, quantised weights and LoRA adapters too) and writes a folder that Hugging Face's tools and Fathom read: config.json, safetensors, the tokenizer's files. The folder appears whole or not at all. With --state-dict it writes the weights by the field's names instead, in one safetensors file.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom models save names-4l --out ./names",
        "fathom models save ./model.gguf --out ./plain --dtype bfloat16",
        "fathom models save gpt2 --adapter ./lora --out ./merged",
        "fathom models save names-4l --state-dict --processing default --out names.safetensors",
    ];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_model);
        command.Options.Add(_out);
        command.Options.Add(_dtype);
        command.Options.Add(_revision);
        command.Options.Add(_adapter);
        command.Options.Add(_shard);
        command.Options.Add(_stateDict);
        command.Options.Add(_processing);
        command.Options.Add(_overwrite);
    }

    internal override int Run(Invocation run)
    {
        var (name, place, isStateDict) = (run.Value(_model)!, run.Value(_out)!, run.Value(_stateDict));
        RequireFitting(run, isStateDict);
        RequirePlace(place, isStateDict, run.Value(_overwrite));
        torch.ScalarType? type = run.Value(_dtype) is { } word and not Stored ? NumberType.Parse(word) : null;
        Watcher watcher = new(run);
        run.Progress($"Loading {name} ...");
        LoadOptions how = new()
        {
            Processing = run.Value(_processing) == "default" ? Processing.Default : Processing.None,
            Revision = run.Value(_revision),
            Adapter = run.Value(_adapter),
            Progress = watcher,
        };

        // Weights are folded in 32 bits at least, whatever the files have.
        var exact = type ?? (how.Processing == Processing.None ? PretrainedModel.LosslessDType(name, how) : torch.ScalarType.Float32);
        var (model, loaded) = PretrainedModel.Load(name, how with { DType = exact });
        using (model)
        {
            SaveOptions options = new() { DType = type, Overwrite = run.Value(_overwrite), Progress = watcher };
            var report = isStateDict ? model.SaveStateDict(place, options) : model.SavePretrained(place, options with { AsStored = type is null, ShardBytes = ByteSize.Parse("--shard-size", run.Value(_shard)!) });
            run.Progress("");
            Write(run, model, place, report, [.. loaded.Notes, .. report.Notes]);
        }

        return ExitCode.Success;
    }

    private void RequireFitting(Invocation run, bool isStateDict)
    {
        if (!isStateDict && run.Given(_processing) && run.Value(_processing) != "none")
        {
            throw CommandException.Usage("--processing default folds and centres weights, and no folder of Hugging Face's files can hold such a model. Leave it out, or add --state-dict.");
        }

        if (isStateDict && run.Given(_shard))
        {
            throw CommandException.Usage("--shard-size divides a folder's weights, and --state-dict writes one file. Leave one of them out.");
        }
    }

    /// <summary>Fails now, not after a large model was read, where the place is taken.</summary>
    private static void RequirePlace(string place, bool isStateDict, bool overwrite)
    {
        if (isStateDict)
        {
            if (!place.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw CommandException.Usage($"--out {place} must end in .safetensors, the format that state dicts are saved in.");
            }

            AtomicFile.CheckWritable(place);
        }

        if (!overwrite && (File.Exists(place) || (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any())))
        {
            throw CommandException.Failure($"Cannot save to {place}: {(File.Exists(place) ? "there is such a file" : "the folder is not empty")}. Choose another name, or add --overwrite.");
        }
    }

    private static void Write(Invocation run, HookedModel model, string place, SaveReport report, IReadOnlyList<string> notes)
    {
        var full = Path.GetFullPath(place);
        if (run.Json)
        {
            run.WriteJson("fathom.models.save/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("path", full);
                json.WriteNumber("tensors", report.TensorCount);
                json.WriteNumber("bytes", report.Bytes);
                json.WriteArray("files", report.Files, json.WriteStringValue);
                json.WriteArray("notes", notes, json.WriteStringValue);
            });
            return;
        }

        foreach (var note in notes)
        {
            run.Note(note);
        }

        run.Note($"{report.TensorCount} tensors, {report.Files.Count} {(report.Files.Count == 1 ? "file" : "files")}, {ByteSize.Of(report.Bytes)}.");
        run.Terminal.Output.WriteLine(full);
    }

    private sealed class Watcher(Invocation run) : IProgress<string>
    {
        public void Report(string value)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Progress(value);
        }
    }
}
