using System.CommandLine;
using System.Text.Json;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hub;
using Fathom.Loading;
using Fathom.Models;

namespace Fathom.Cli.Commands.Models;

/// <summary>Shows what a model is made of, without loading its weights.</summary>
internal sealed class ModelsShowCommand : CliCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "Name, alias, Hugging Face id or folder; the default model if left out", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = new("--all") { Description = "The hooks of every block, not of the first only" };

    internal override string Name => "show";

    internal override string Summary => "A model's configuration, size, memory and hook names with shapes";

    internal override IReadOnlyList<string> Examples => ["fathom models show", "fathom models show gpt2 --all", "fathom models show ./my-model --json"];

    internal override void Define(Command command)
    {
        _model.CompletionSources.Add(_ => ModelArgument.Names());
        command.Arguments.Add(_model);
        command.Options.Add(_all);
    }

    internal override int Run(Invocation run)
    {
        var (name, _) = UserSettings.ModelFor(run.Value(_model), run.Terminal);
        var (architecture, config) = Described(name, run.Terminal);
        using HookedModel model = architecture.Kind switch
        {
            ModelKind.Encoder => new HookedEncoder(config),
            ModelKind.EncoderDecoder => new HookedEncoderDecoder(config),
            _ => new HookedTransformer(config),
        };
        var memory = NumberType.All.Select(type => (type.Name, Memory: ModelMemory.Of(model, type.Type))).ToList();
        if (run.Json)
        {
            run.WriteJson("fathom.model/1", writer => WriteJson(writer, name, architecture, config, model, memory));
            return ExitCode.Success;
        }

        if (run.Terminal.OutputIsTerminal)
        {
            WriteFacts(run, name, architecture, config, model, memory);
        }

        var table = new TextTable("hook", "shape", "fires");
        foreach (var point in model.HookPoints.Where(point => !run.Terminal.OutputIsTerminal || run.Value(_all) || point.Layer is null or 0))
        {
            table.Add(point.Name, point.Shape(), point.IsOptional ? "when asked for" : "always");
        }

        run.Write(table);
        if (run.Terminal.OutputIsTerminal && !run.Value(_all) && config.NLayers > 1)
        {
            run.Note($"Blocks 1 to {config.NLayers - 1} have hooks of the same names; --all lists them ({model.HookPoints.Count} in all).");
        }

        return ExitCode.Success;
    }

    /// <summary>Reads the config: config.json alone where there is one, otherwise the file that holds it (GGUF, nanoGPT's checkpoint, an adapter).</summary>
    private static (Architecture Architecture, ModelConfig Config) Described(string name, Terminal terminal)
    {
        var hub = HubOptions.FromEnvironment(terminal.Variable);
        if (GgufFile.TryParse(name, out var gguf) && !File.Exists(name))
        {
            name = new HubCache(hub.CacheFolder).Find(gguf.RepoId, selection: gguf.Selection).File(GgufFile.PartsOf(gguf.Path)[0]).LocalPath;
        }

        if ((File.Exists(name) && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) || (Directory.Exists(name) && !File.Exists(Path.Combine(name, "config.json"))))
        {
            var described = PretrainedModel.Describe(name, new() { Hub = hub });
            return (described.Architecture, described.Config);
        }

        var file = Path.Combine(Folder(name, terminal), "config.json");
        var json = InputFile.Open(file, ConfigFile.Read);
        var architecture = Catalogue.Of(json, file);
        return (architecture, architecture.ReadConfig(json, file));
    }

    private static string Folder(string name, Terminal terminal)
    {
        try
        {
            return ModelFolder.Find(name, FileSelection.Configuration, terminal);
        }
        catch (ModelNotCachedException missing)
        {
            throw BaseOf(missing, terminal) ?? ModelFolder.Missing(missing, "configuration", "config", terminal);
        }
    }

    /// <summary>What to say of a LoRA adapter, which has a shape only together with its base model; null for anything else.</summary>
    private static CommandException? BaseOf(ModelNotCachedException missing, Terminal terminal)
    {
        var cache = new HubCache(HubOptions.FromEnvironment(terminal.Variable).CacheFolder);
        if (cache.TryFind(missing.RepoId)?.TryFile("adapter_config.json") is not { } file)
        {
            return null;
        }

        var named = ConfigFile.Read(file.LocalPath) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("base_model_name_or_path", out var name) ? name.ToString() : "";
        return CommandException.Failure($"{missing.RepoId} is a LoRA adapter, which has the shape of its base model{(named.Length == 0 ? "." : $": fathom models show {named}")}");
    }

    private static void WriteFacts(Invocation run, string name, Architecture architecture, ModelConfig config, HookedModel model, List<(string Name, ModelMemory Memory)> memory)
    {
        var facts = new TextTable("what", "value");
        facts.Add("model", name);
        facts.Add("architecture", $"{config.Architecture} ({architecture.Family})");
        facts.Add("class", model.GetType().Name);
        facts.Add("layers", config.Encoder is { } encoder ? $"{encoder.Blocks.Count} in the encoder, {config.NLayers} in the decoder" : $"{config.NLayers}");
        facts.Add("d_model", $"{config.DModel}");
        facts.Add("heads", config.NHeads == config.NKeyValueHeads ? $"{config.NHeads}, d_head {config.DHead}" : $"{config.NHeads}, key-value {config.NKeyValueHeads}, d_head {config.DHead}");
        facts.Add("d_mlp", $"{config.DMlp}");
        facts.Add("vocabulary", $"{config.DVocab}");
        facts.Add("context", $"{config.NCtx} tokens");
        facts.Add("parameters", FormattableString.Invariant($"{memory[0].Memory.Parameters:N0}"));
        run.Write(facts);
        run.Terminal.Output.WriteLine();
        var sizes = new TextTable("memory in", "processed", "as in the file", "most while loading");
        foreach (var (type, plan) in memory)
        {
            sizes.Add(type, ByteSize.Of(plan.Processed), ByteSize.Of(plan.AsInFile), ByteSize.Of(plan.PeakProcessed));
        }

        run.Write(sizes);
        run.Terminal.Output.WriteLine();
    }

    private static void WriteJson(Utf8JsonWriter json, string name, Architecture architecture, ModelConfig config, HookedModel model, List<(string Name, ModelMemory Memory)> memory)
    {
        json.WriteString("model", name);
        json.WriteString("architecture", config.Architecture);
        json.WriteString("family", architecture.Family);
        json.WriteString("class", model.GetType().Name);
        json.WriteNumber("n_layers", config.NLayers);
        json.WriteNumber("d_model", config.DModel);
        json.WriteNumber("n_heads", config.NHeads);
        json.WriteNumber("n_key_value_heads", config.NKeyValueHeads);
        json.WriteNumber("d_head", config.DHead);
        json.WriteNumber("d_mlp", config.DMlp);
        json.WriteNumber("d_vocab", config.DVocab);
        json.WriteNumber("n_ctx", config.NCtx);
        json.WriteNumber("n_params", memory[0].Memory.Parameters);
        json.WriteNumber("bytes_float32", memory[0].Memory.Parameters * 4);
        json.WriteNumber("bytes_bfloat16", memory[0].Memory.Parameters * 2);
        json.WriteArray("memory", memory, plan =>
        {
            json.WriteStartObject();
            json.WriteString("dtype", plan.Name);
            json.WriteNumber("bytes", plan.Memory.Processed);
            json.WriteNumber("bytes_unprocessed", plan.Memory.AsInFile);
            json.WriteNumber("peak_bytes", plan.Memory.PeakProcessed);
            json.WriteNumber("peak_bytes_unprocessed", plan.Memory.PeakAsInFile);
            json.WriteEndObject();
        });
        json.WriteArray("hooks", model.HookPoints, point =>
        {
            json.WriteStartObject();
            json.WriteString("name", point.Name);
            json.WriteArray("axes", point.Axes.Names, json.WriteStringValue);
            json.WriteString("shape", point.Shape());
            json.WriteBoolean("optional", point.IsOptional);
            json.WriteEndObject();
        });
    }
}
