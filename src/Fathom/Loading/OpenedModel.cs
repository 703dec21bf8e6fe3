using System.Text.Json;
using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Adapters;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Loading.Checkpoints.Quantized;
using Fathom.Models;
using Fathom.Tokenization;

namespace Fathom.Loading;

/// <summary>A model's parts as they lie in its files, brought to Hugging Face names: GGUF translated, packed weights unpacked, an adapter merged.</summary>
/// <param name="Config">The config, without the keys that loading itself has honoured.</param>
/// <param name="ConfigSource">Where the config came from, for messages.</param>
/// <param name="Checkpoint">The weights under Hugging Face names.</param>
/// <param name="Notices">What a user should know.</param>
/// <param name="Tokenizer">The tokenizer, where the files have one.</param>
/// <param name="Generation">generation_config.json, where there is one.</param>
internal sealed record OpenedModel(JsonElement Config, string ConfigSource, Checkpoint Checkpoint, IReadOnlyList<string> Notices, Tokenizer? Tokenizer, JsonElement? Generation) : IDisposable
{
    private const string Quantization = "quantization_config";

    /// <summary>Files each of which is a tokenizer, or the main part of one.</summary>
    internal static readonly string[] Vocabularies = ["tokenizer.json", "tokenizer.json.gz", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model", "qwen.tiktoken"];

    /// <summary>The folder with config.json and generation_config.json, where the files had one.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder that the tokenizer was read from, where its files lay in one.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>How to get a tokenizer that the config names and that is not here.</summary>
    public string? TokenizerHint { get; init; }

    /// <summary>Whether the config leaves the beginning-of-sequence token in place; TransformerLens's configs can turn it off.</summary>
    public bool PrependsBos => Config.ValueKind != JsonValueKind.Object || !Config.TryGetProperty("default_prepend_bos", out var given) || given.ValueKind != JsonValueKind.False;

    /// <summary>Opens the files of a model, or of a LoRA adapter and its base model.</summary>
    /// <exception cref="ModelNotFoundException">An adapter names no base model.</exception>
    /// <exception cref="InvalidCheckpointException">A file is damaged, or its packing is not read.</exception>
    /// <exception cref="ConfigException">The config is no valid JSON.</exception>
    public static OpenedModel Open(ModelFiles files, LoadOptions options)
    {
        if (!files.IsAdapter)
        {
            var plain = OpenPlain(files).WithNamedTokenizer(files, options);
            return options.Adapter is null ? plain : plain.With(options.Adapter);
        }

        if (options.Adapter is not null)
        {
            throw new ArgumentException($"'{files.Name}' is itself an adapter; LoadOptions.Adapter would be a second one. Merge one of them first.", nameof(options));
        }

        string named;
        using (var adapter = LoraAdapter.Open(files.Folder))
        {
            named = options.BaseModel ?? adapter.Config.BaseModel
                ?? throw new ModelNotFoundException(files.Name, "it is a LoRA adapter whose adapter_config.json names no base_model_name_or_path. Say which model it was trained on with LoadOptions.BaseModel.");
        }

        var found = ModelFiles.Find(named, options with { Revision = null, Checkpoint = null });
        return found.IsAdapter
            ? throw new ModelNotFoundException(files.Name, $"it is a LoRA adapter, and its base model '{named}' is an adapter too. Name the full model with LoadOptions.BaseModel.")
            : OpenPlain(found).WithNamedTokenizer(found, options).With(files.Folder);
    }

    /// <summary>What a model keeps of its files to be written back as they were.</summary>
    public ModelOrigin Origin() => new(Config.GetRawText(), ConfigSource, Checkpoint.Tensors.ToDictionary(t => t.Key, t => t.Value.Type.ReadAs ?? torch.ScalarType.Float32), Folder, TokenizerFolder, Tokenizer);

    /// <inheritdoc/>
    public void Dispose() => Checkpoint.Dispose();

    private static OpenedModel OpenPlain(ModelFiles files)
    {
        var stored = Checkpoint.Open(files.Weights);
        try
        {
            if (stored is GgufCheckpoint gguf)
            {
                return FromGguf(gguf);
            }

            var source = Path.Combine(files.Folder, "config.json");
            JsonElement? beside = File.Exists(source) ? files.Config() : null;
            var tokenizer = TokenizerIn(files.Folder, out var hint);
            if (GptCheckpoint.TryRead(stored, beside, source) is { } gpt)
            {
                return new(gpt.Config, beside is null ? files.Weights : source, gpt.Checkpoint, [.. files.Notices, .. gpt.Notices], tokenizer, GenerationIn(files.Folder)) { Folder = files.Folder, TokenizerFolder = files.Folder, TokenizerHint = hint };
            }

            var config = beside ?? throw new ModelNotFoundException(files.Name, stored.Tensors.ContainsKey("blocks.0.attn.W_Q")
                ? $"{stored.Source} holds a HookedTransformer's state dict, and its config is not beside it (looked for {source}). Write it there from Python: import json; json.dump({{k: v for k, v in model.cfg.to_dict().items() if isinstance(v, (bool, int, float, str, list, type(None)))}}, open('config.json', 'w'))"
                : $"{stored.Source} has no config.json beside it (looked for {source}), so the kind of model is unknown. Put its config.json there.");
            JsonElement? quantization = config.ValueKind == JsonValueKind.Object && config.TryGetProperty(Quantization, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
            var unpacked = QuantizedCheckpoint.Wrap(stored, quantization);
            IReadOnlyList<string> notices = ReferenceEquals(unpacked, stored) ? [] : [$"The weights are packed{(quantization is null ? "" : $" ({quantization.Value.GetRawText()})")} and are unpacked while they are read."];
            return new(Without(config, Quantization), source, unpacked, [.. files.Notices, .. notices], tokenizer, GenerationIn(files.Folder)) { Folder = files.Folder, TokenizerFolder = files.Folder, TokenizerHint = hint };
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    private static OpenedModel FromGguf(GgufCheckpoint file)
    {
        var translation = GgufNames.Translate(file);
        var config = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(translation.Config.ToJsonString()), file.Source);
        var tokenizer = file.Gguf.Contains("tokenizer.ggml.tokens") ? Tokenizer.FromGguf(file.Gguf.Values, file.Source) : null;
        return new(config, file.Source, translation.Checkpoint, translation.Notices, tokenizer, null);
    }

    /// <summary>Reads a folder's tokenizer. SentencePiece files alone do not always tell where spaces and BOS go: such a model loads, and says so when it is given text.</summary>
    private static Tokenizer? TokenizerIn(string folder, out string? hint)
    {
        hint = null;
        List<string> found = [.. Vocabularies.Where(name => File.Exists(Path.Combine(folder, name)))];
        try
        {
            return found.Count == 0 ? null : Tokenizer.FromFolder(folder);
        }
        catch (TokenizerFormatException e) when (found.All(name => name.EndsWith(".model", StringComparison.Ordinal)))
        {
            hint = $"{e.Message} The model itself is loaded: pass token ids instead of text, or set model.Tokenizer.";
            return null;
        }
    }

    /// <summary>Adds the tokenizer of another repository where the config names one: from the cache, or from the hub if the model came from there.</summary>
    /// <exception cref="Hub.HubException">It is not on this machine and cannot be fetched.</exception>
    private OpenedModel WithNamedTokenizer(ModelFiles files, LoadOptions options)
    {
        if (Tokenizer is not null || Hub.NamedTokenizer.In(files.Folder) is not { } repository)
        {
            return this;
        }

        try
        {
            return ModelFiles.TokenizerOf(repository, mayFetch: files.Revision is not null, options) is { } folder && TokenizerIn(folder, out _) is { } tokenizer
                ? this with { Tokenizer = tokenizer, TokenizerFolder = folder, Notices = [.. Notices, $"The tokenizer is that of {repository}, which config.json names."] }
                : this with { TokenizerHint = $"{files.Name} reads texts with the tokenizer of {repository}, which is not on this machine. Get it with: fathom models pull {repository} --files tokenizer; or pass token ids instead of text, or set model.Tokenizer." };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static JsonElement? GenerationIn(string folder) =>
        Path.Combine(folder, "generation_config.json") is var path && File.Exists(path) ? ConfigFile.Read(path) : null;

    private static JsonElement Without(JsonElement config, string key)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(key, out _))
        {
            return config;
        }

        return JsonSerializer.SerializeToElement(config.EnumerateObject().Where(p => p.Name != key).ToDictionary(p => p.Name, p => p.Value));
    }

    private OpenedModel With(string adapterFolder)
    {
        try
        {
            var adapter = LoraAdapter.Open(adapterFolder);
            try
            {
                var notice = $"The LoRA adapter {adapterFolder} is merged: {adapter.Modules.Count} matrices changed, {adapter.Replacements.Count} tensors replaced.";
                var own = TokenizerIn(adapterFolder, out _);
                return this with { Checkpoint = adapter.Wrap(Checkpoint), Notices = [.. Notices, notice], Tokenizer = own ?? Tokenizer, TokenizerFolder = own is null ? TokenizerFolder : adapterFolder };
            }
            catch
            {
                adapter.Dispose();
                throw;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
