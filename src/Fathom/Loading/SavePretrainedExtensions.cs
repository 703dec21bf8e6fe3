using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Saving;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Saving a model as a folder of Hugging Face's files.</summary>
public static class SavePretrainedExtensions
{
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    extension(HookedModel model)
    {
        /// <summary>Writes config.json, the weights as safetensors, and the tokenizer (the files that came with the model, or a tokenizer.json made of one from elsewhere), so that Hugging Face's tools and <c>FromPretrained</c> read the model as it is now, changed weights included.</summary>
        /// <param name="folder">A folder that does not exist or is empty. It appears whole, or not at all.</param>
        /// <param name="options">Type, size of shards, overwriting.</param>
        /// <returns>What was written.</returns>
        /// <remarks>The weights must be those of the architecture: load with <see cref="Processing.None"/>. What was packed (GGUF, quantised, an adapter) is written as plain tensors.</remarks>
        /// <exception cref="ArgumentException">The options contradict each other, or ask for a type that no model is stored in.</exception>
        /// <exception cref="UnsavableModelException">The architecture's files cannot hold what the model computes; the message says why.</exception>
        /// <exception cref="SaveException">The folder is taken, or the disk refuses.</exception>
        public SaveReport SavePretrained(string folder, SaveOptions? options = null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(folder);
            options ??= SaveOptions.Default;
            RequireSensible(options);
            var origin = RequireOrigin(model);
            var architecture = Catalogue.Of(ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(origin.ConfigJson), origin.ConfigSource), origin.ConfigSource);
            origin = RotarySpelling.Older(origin, architecture, StoredRules.ConfigOf(model));
            using var gradients = torch.no_grad();
            SavePlan plan = new(model, architecture, origin, options);
            var config = SavedConfig.Write(origin, architecture, plan.MainType, plan.Unties);
            RequireHonest(model, architecture, config, plan);
            List<TensorToWrite> tensors = [.. plan.Tensors.SelectMany(t => t.ToWrite()).Select(t => PlannedTensor.Reported(t, options.Progress))];
            List<string> files = [];
            var bytes = 0L;
            FolderSwap.Write(folder, options.Overwrite, tensors.Sum(t => t.ByteLength), BesideFiles.IsOfModel, draft =>
            {
                files.AddRange(BesideFiles.Write(model, origin, draft));
                AtomicFile.Write(Path.Combine(draft, "config.json"), s => s.Write(config));
                files.AddRange(SafetensorsWriter.WriteFolder(draft, tensors, Metadata, options.ShardBytes).Prepend("config.json"));
                bytes = files.Sum(f => new FileInfo(Path.Combine(draft, f)).Length);
            });
            return new([.. files.Order(StringComparer.Ordinal)], bytes, tensors.Count, [.. Notes(model, origin, plan)]);
        }
    }

    /// <summary>Refuses options that no saving can honour.</summary>
    internal static void RequireSensible(SaveOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ShardBytes);
        if (options.DType is { } type && type is not (torch.ScalarType.Float32 or torch.ScalarType.BFloat16 or torch.ScalarType.Float16 or torch.ScalarType.Float64))
        {
            throw new ArgumentException($"SaveOptions.DType is {type}; weights are saved as Float32, BFloat16, Float16 or Float64.", nameof(options));
        }

        if (options is { DType: not null, AsStored: true })
        {
            throw new ArgumentException($"SaveOptions.DType ({options.DType}) and SaveOptions.AsStored both choose the type; give one of them.", nameof(options));
        }
    }

    private static ModelOrigin RequireOrigin(HookedModel model)
    {
        // Of a foreign state dict nobody knows what was done to it; what it lacks or has too much stands in the plan's way.
        if (model.Source.Processing.Split(',')[0] != "none" && model.Source.Processing != StateDictNames.UnknownProcessing)
        {
            throw new UnsavableModelException($"{model.Source.Name} was processed as it was loaded ({model.Source.Processing}), and its weights are no longer those of its architecture. Load it with Processing.None ('--processing none') to save it, or save the processed weights with SaveStateDict.", []);
        }

        return model.Origin ?? throw new UnsavableModelException($"{model.Source.Name} has no config.json that Hugging Face's tools could read: it was not loaded from such files. Save its weights with SaveStateDict.", []);
    }

    /// <summary>The config that is written must be read as the one the model was built from.</summary>
    private static void RequireHonest(HookedModel model, Architecture architecture, byte[] config, SavePlan plan)
    {
        const string Source = "the config to write";
        var json = ConfigFile.Parse(config, Source);
        if (Catalogue.Of(json, Source) != architecture)
        {
            throw new UnsavableModelException($"{model.Source.Name}: the config to write would be read as {Catalogue.Of(json, Source).Family}, not as {architecture.Family}. Save the weights by their own names with SaveStateDict.", []);
        }

        if (!plan.Unties)
        {
            architecture.ReadConfig(json, Source);
            return;
        }

        var reason = "the config of this family has no key that says so";
        try
        {
            if (!architecture.ReadConfig(json, Source).TiedEmbeddings)
            {
                return;
            }
        }
        catch (ConfigException e)
        {
            reason = e.Message;
        }

        throw new UnsavableModelException($"{model.Source.Name} cannot be written as {architecture.Ids[0]}: embed.W_E and unembed.W_U hold different numbers, and {reason.TrimEnd('.')}. Give both the same numbers, or save the weights by their own names with SaveStateDict.", ["embed.W_E", "unembed.W_U"]);
    }

    private static IEnumerable<string> Notes(HookedModel model, ModelOrigin origin, SavePlan plan)
    {
        if (plan.Unties)
        {
            yield return "The config says tie_word_embeddings=false now: embed.W_E and unembed.W_U hold different numbers.";
        }

        if (plan.Rounded > 0)
        {
            yield return $"{plan.Rounded} tensors have fewer bits than in the model's own file: loading rounded them to {model.DType}.";
        }

        if (!origin.ConfigJson.Contains("\"architectures\"", StringComparison.Ordinal))
        {
            yield return "The config names no class of Hugging Face's: their tools do not know this kind of model, and Fathom reads the folder back.";
        }

        if (RotarySpelling.NeedsVersion5(origin))
        {
            yield return "The config has its rotary settings in 'rope_parameters', which transformers understands from version 5 on.";
        }

        if (BesideFiles.IsWritten(model, origin))
        {
            yield return "tokenizer.json was written from the model's tokenizer, which did not come from such a file.";
        }
    }
}
