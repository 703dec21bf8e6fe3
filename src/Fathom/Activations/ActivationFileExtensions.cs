using System.Globalization;
using System.Reflection;
using Fathom.Hooks;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Activations;

/// <summary>Keeping activations in files that Python opens too.</summary>
public static class ActivationFileExtensions
{
    private const string Format = "fathom.activations/1", Gradient = "_grad";

    // What a whole run is saved with beside its activations.
    internal const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids", Logits = "logits", Output = "output";

    extension(ActivationCache cache)
    {
        /// <summary>Writes every activation under its hook name, and gradients under <c>NAME_grad</c>, with where they come from as metadata.</summary>
        /// <param name="path">Ends in <c>.safetensors</c> or <c>.npz</c>. NumPy has no bf16: an npz file holds such activations as fp32. The file appears whole or not at all.</param>
        /// <param name="about">Further text pairs for the metadata, such as the prompt or the seed of what was drawn.</param>
        /// <param name="overwrite">Whether a file of that name may be replaced.</param>
        /// <exception cref="IOException">The file exists and <paramref name="overwrite"/> was not asked for.</exception>
        /// <exception cref="ArgumentException">The ending is another, or a pair of <paramref name="about"/> has the name of one that is written anyway.</exception>
        /// <exception cref="InvalidOperationException">The cache holds gradients of several scalars.</exception>
        public void Save(string path, IReadOnlyDictionary<string, string>? about = null, bool overwrite = false)
        {
            Write(cache, path, about, overwrite, []);
        }

        /// <summary>Reads activations that <c>Save</c> wrote.</summary>
        /// <param name="path">The file.</param>
        /// <param name="model">The model that ran, loaded under the same name with the same processing.</param>
        /// <returns>The activations on the CPU, in the order of the model's hook points; the caller disposes them. What a run was saved with beside them (ids, logits) stays in the file: read it with <see cref="Checkpoint.Open(string)"/>.</returns>
        /// <exception cref="InvalidCheckpointException">The file is damaged, or something else wrote it.</exception>
        /// <exception cref="ArgumentException">The activations come from another model or other processing.</exception>
        /// <exception cref="UnknownHookException">The model has no such hook point.</exception>
        public static ActivationCache Load(string path, HookedModel model)
        {
            ArgumentNullException.ThrowIfNull(model);
            using var file = Checkpoint.Open(path);
            var about = file.Metadata;
            if (about.GetValueOrDefault("format") != Format)
            {
                throw new ArgumentException($"{path} is no file of saved activations: its metadata should say format '{Format}' and say '{about.GetValueOrDefault("format", "nothing")}'. Read other files with Checkpoint.Open.", nameof(path));
            }

            Require(path, about, "model", model.Source.Name);
            Require(path, about, "processing", model.Source.Processing);
            Require(path, about, "revision", model.Source.Revision ?? "none");
            var order = model.HookPoints.Index().ToDictionary(p => p.Item.Name, p => p.Index);
            var names = file.Tensors.Keys.Where(n => !n.EndsWith(Gradient, StringComparison.Ordinal) && n is not (Ids or Mask or Types or Logits or Output)).OrderBy(n => order.TryGetValue(n, out var at) ? at : order[model.Point(n).Name]).ToList();
            Dictionary<string, Tensor> gradients = [];
            List<KeyValuePair<string, Tensor>> activations = [];
            try
            {
                activations.AddRange(names.Select(n => KeyValuePair.Create(n, file.Read(n))));
                foreach (var name in file.Tensors.Keys.Where(n => n.EndsWith(Gradient, StringComparison.Ordinal)))
                {
                    gradients[model.Point(name[..^Gradient.Length]).Name] = file.Read(name);
                }
            }
            catch
            {
                activations.ForEach(a => a.Value.Dispose());
                gradients.Values.ToList().ForEach(g => g.Dispose());
                throw;
            }

            return new(model, activations, gradients: gradients) { HasBatchDim = about.GetValueOrDefault("has_batch_dim") != "false" };
        }
    }

    internal static void Write(ActivationCache cache, string path, IReadOnlyDictionary<string, string>? about, bool overwrite, IEnumerable<KeyValuePair<string, Tensor>> beside)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var npz = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        if (!npz && !path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"'{path}' must end in .safetensors or .npz, the formats that activations are saved in.", nameof(path));
        }

        if (cache.GradientsOf.Count > 0)
        {
            throw new InvalidOperationException($"The cache holds gradients of several scalars ({string.Join(", ", cache.GradientsOf.Keys)}), and a file holds those of one. Run once for each scalar with GradientOf.");
        }

        if (!overwrite && File.Exists(path))
        {
            throw new IOException($"{Path.GetFullPath(path)} exists. Choose another name, or allow it with overwrite: true.");
        }

        var metadata = Provenance(cache);
        foreach (var (key, value) in about ?? new Dictionary<string, string>())
        {
            if (!metadata.TryAdd(key, value))
            {
                throw new ArgumentException($"'{key}' is written from the cache itself ('{metadata[key]}'); call yours something else.", nameof(about));
            }
        }

        var tensors = cache.Concat(cache.Gradients.Select(g => KeyValuePair.Create(g.Key + Gradient, g.Value))).Concat(beside).Select(p => TensorToWrite.From(p.Key, p.Value));
        if (npz)
        {
            NpzWriter.Write(path, tensors, metadata);
        }
        else
        {
            SafetensorsWriter.Write(path, tensors, metadata);
        }
    }

    private static Dictionary<string, string> Provenance(ActivationCache cache) => new()
    {
        ["format"] = Format,
        ["fathom_version"] = typeof(ActivationCache).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
        ["model"] = cache.Model.Source.Name,
        ["revision"] = cache.Model.Source.Revision ?? "none",
        ["processing"] = cache.Model.Source.Processing,
        ["dtype"] = string.Join(", ", cache.Select(a => a.Value.dtype.ToString()).Distinct().Order(StringComparer.Ordinal)),
        ["device"] = string.Join(", ", cache.Select(a => a.Value.device.ToString()).Distinct().Order(StringComparer.Ordinal)),
        ["has_batch_dim"] = cache.HasBatchDim ? "true" : "false",
        ["count"] = cache.Count.ToString(CultureInfo.InvariantCulture),
    };

    private static void Require(string path, IReadOnlyDictionary<string, string> about, string key, string expected)
    {
        if (about.GetValueOrDefault(key) is var found && found != expected)
        {
            throw new ArgumentException($"{path} holds activations of {key} '{found ?? "unknown"}', and the model given has {key} '{expected}'. Load the model that ran, with the same processing.", nameof(path));
        }
    }
}
