using System.Reflection;
using Fathom.Components;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Saving;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Saving and reading a model's weights by the field's names, as TransformerLens' state dicts have them.</summary>
public static class StateDictExtensions
{
    private static readonly Dictionary<string, double> NoOffsets = [];

    extension(HookedModel model)
    {
        /// <summary>Writes every weight as it is now, processed or not, under its name (<c>blocks.0.attn.W_Q</c>) into one safetensors file, with where it comes from as metadata.</summary>
        /// <param name="path">The file; its name ends in <c>.safetensors</c>. It appears whole, or not at all.</param>
        /// <param name="options">Type, overwriting.</param>
        /// <returns>What was written.</returns>
        /// <remarks>Names and layouts are TransformerLens': grouped keys and values are <c>_W_K</c>, <c>_W_V</c>, <c>_b_K</c>, <c>_b_V</c>; experts lie one by one as <c>mlp.experts.0.W_in.weight [d_mlp, d_model]</c>, their router is <c>mlp.W_gate.weight [expert, d_model]</c>. Tied weights are written under each of their names.</remarks>
        /// <exception cref="ArgumentException">The name does not end in <c>.safetensors</c>, or the options ask for shards or stored types.</exception>
        /// <exception cref="UnsavableModelException">A number is too large for the type asked for.</exception>
        /// <exception cref="SaveException">The file is there already, or the disk refuses.</exception>
        public SaveReport SaveStateDict(string path, SaveOptions? options = null)
        {
            options ??= SaveOptions.Default;
            RequireWritable(path, options);
            using var gradients = torch.no_grad();
            List<TensorToWrite> tensors = [.. model.Weights.Where(w => w.IsBound).SelectMany(w => Plan(w, options).ToWrite()).Select(t => PlannedTensor.Reported(t, options.Progress))];
            try
            {
                SafetensorsWriter.Write(path, tensors, Provenance(model, options));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SaveException(path, $"the system refused: {e.Message.TrimEnd('.')}. Nothing was left under that name. Make room or choose another place.", e);
            }

            return new([Path.GetFileName(path)], new FileInfo(path).Length, tensors.Count, []);
        }

        /// <summary>Replaces the model's weights by those of a state dict that <c>SaveStateDict</c> or TransformerLens wrote. Names and shapes are checked before anything changes.</summary>
        /// <param name="path">A checkpoint file in any format that is read, with the field's names.</param>
        /// <returns>What was decided.</returns>
        /// <remarks>The numbers take the model's type and device. Weights that were tied stay so if the file holds the same numbers for them. The model's <see cref="ModelSource.Processing"/> becomes what the file says.</remarks>
        /// <exception cref="InvalidCheckpointException">The file is damaged or not there.</exception>
        /// <exception cref="CheckpointMismatchException">A name is missing or unknown, or a shape differs; all of them are named, and the model is as it was.</exception>
        public LoadReport LoadStateDict(string path)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            using var gradients = torch.no_grad();
            using var file = Checkpoint.Open(path);
            var notes = new StateDictReader(model, file).Read();
            model.Source = model.Source with { Processing = file.Metadata.GetValueOrDefault("processing") ?? StateDictNames.UnknownProcessing };
            return new(notes);
        }
    }

    private static PlannedTensor Plan(Weight weight, SaveOptions options)
    {
        var form = StateDictNames.FormsOf(weight)[0];
        return new(form.Theirs, form, [weight]) { Type = options.DType is { } asked ? weight.Kept(asked) : weight.Value.dtype, GainOffsets = NoOffsets };
    }

    private static void RequireWritable(string path, SaveOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{path}' should end in .safetensors, the format that is written.", nameof(path));
        }

        SavePretrainedExtensions.RequireSensible(options);
        if (options.AsStored)
        {
            throw new ArgumentException("A state dict has no types of a file to keep; SaveOptions.AsStored is for SavePretrained.", nameof(options));
        }

        if (options.ShardBytes != SafetensorsWriter.DefaultShardBytes)
        {
            throw new ArgumentException("A state dict is one file; SaveOptions.ShardBytes divides what SavePretrained writes.", nameof(options));
        }

        if (Directory.Exists(path))
        {
            throw new SaveException(path, "it is a folder. Name a file.");
        }

        if (File.Exists(path) && !options.Overwrite)
        {
            throw new SaveException(path, "there is such a file. Choose another name, or ask to overwrite (SaveOptions.Overwrite, --overwrite).");
        }
    }

    private static Dictionary<string, string> Provenance(HookedModel model, SaveOptions options) => new()
    {
        ["format"] = "pt",
        ["content"] = "fathom.state_dict/1",
        ["fathom_version"] = typeof(StateDictExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
        ["model"] = model.Source.Name,
        ["revision"] = model.Source.Revision ?? "none",
        ["architecture"] = StoredRules.ConfigOf(model).Architecture,
        ["processing"] = model.Source.Processing,
        ["dtype"] = (options.DType ?? model.DType).ToString(),
    };
}
