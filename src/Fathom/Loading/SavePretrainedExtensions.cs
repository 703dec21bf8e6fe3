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
            using var gradients = torch.no_grad();
            var saved = SavedModel.Of(model, options);
            List<TensorToWrite> tensors = [.. saved.Tensors.SelectMany(t => t.ToWrite()).Select(t => PlannedTensor.Reported(t, options.Progress))];
            List<string> files = [];
            var bytes = 0L;
            FolderSwap.Write(folder, options.Overwrite, tensors.Sum(t => t.ByteLength), BesideFiles.IsOfModel, draft =>
            {
                files.AddRange(BesideFiles.Write(model, saved.Origin, draft));
                AtomicFile.Write(Path.Combine(draft, "config.json"), s => s.Write(saved.Config));
                files.AddRange(SafetensorsWriter.WriteFolder(draft, tensors, Metadata, options.ShardBytes).Prepend("config.json"));
                bytes = files.Sum(f => new FileInfo(Path.Combine(draft, f)).Length);
            });
            return new([.. files.Order(StringComparer.Ordinal)], bytes, tensors.Count, saved.Notes);
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
}
