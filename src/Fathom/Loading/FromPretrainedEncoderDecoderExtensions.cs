using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Loading an encoder-decoder by name.</summary>
public static class FromPretrainedEncoderDecoderExtensions
{
    extension(HookedEncoderDecoder)
    {
        /// <summary>Loads an encoder-decoder: an official name (<c>t5-small</c>), a hub id, or a folder. Its weights are those of the file; nothing is folded.</summary>
        /// <param name="nameOrPath">Which model.</param>
        /// <param name="options">Type, device, revision, adapter.</param>
        /// <returns>The model, which the caller disposes.</returns>
        /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
        /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
        /// <exception cref="ConfigException">The config asks for something that is not implemented, or for a model that is no encoder-decoder.</exception>
        /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
        /// <exception cref="CheckpointMismatchException">Weights and config do not belong together.</exception>
        public static HookedEncoderDecoder FromPretrained(string nameOrPath, LoadOptions? options = null) => LoadPretrained(nameOrPath, options).Model;

        /// <summary>Loads an encoder-decoder and says what loading decided.</summary>
        /// <inheritdoc cref="FromPretrained"/>
        public static (HookedEncoderDecoder Model, LoadReport Report) LoadPretrained(string nameOrPath, LoadOptions? options = null)
        {
            var (model, report) = PretrainedModel.Load(nameOrPath, options ?? LoadOptions.Default, ModelKind.EncoderDecoder);
            return ((HookedEncoderDecoder)model, report);
        }
    }
}
