using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Loading a model by name.</summary>
public static class FromPretrainedExtensions
{
    extension(HookedTransformer)
    {
        /// <summary>Loads a decoder: the embedded <c>names-4l</c>, an official name (<c>gpt2-small</c>), a hub id, a folder, a <c>.gguf</c> file, or the folder of a LoRA adapter.</summary>
        /// <param name="nameOrPath">Which model.</param>
        /// <param name="processing">What is done to the weights; <see langword="null"/> for the reference's defaults.</param>
        /// <param name="options">Type, device, revision, adapter.</param>
        /// <returns>The model, which the caller disposes.</returns>
        /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
        /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
        /// <exception cref="ConfigException">The config asks for something that is not implemented, or for a model that is no decoder.</exception>
        /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
        /// <exception cref="CheckpointMismatchException">Weights and config do not belong together.</exception>
        public static HookedTransformer FromPretrained(string nameOrPath, Processing? processing = null, LoadOptions? options = null) =>
            LoadPretrained(nameOrPath, processing, options).Model;

        /// <summary>Loads a decoder and says what loading decided.</summary>
        /// <inheritdoc cref="FromPretrained"/>
        public static (HookedTransformer Model, LoadReport Report) LoadPretrained(string nameOrPath, Processing? processing = null, LoadOptions? options = null)
        {
            options ??= LoadOptions.Default;
            var (model, report) = PretrainedModel.Load(nameOrPath, processing is null ? options : options with { Processing = processing }, ModelKind.Decoder);
            return ((HookedTransformer)model, report);
        }
    }
}
