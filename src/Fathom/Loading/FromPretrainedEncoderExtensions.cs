using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Loading an encoder by name.</summary>
public static class FromPretrainedEncoderExtensions
{
    extension(HookedEncoder)
    {
        /// <summary>Loads an encoder: an official name (<c>bert-base-cased</c>), a hub id, or a folder. Its weights are those of the file; nothing is folded.</summary>
        /// <param name="nameOrPath">Which model.</param>
        /// <param name="options">Type, device, revision, adapter.</param>
        /// <returns>The model, which the caller disposes.</returns>
        /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
        /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
        /// <exception cref="ConfigException">The config asks for something that is not implemented, or for a model that is no encoder.</exception>
        /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
        /// <exception cref="CheckpointMismatchException">Weights and config do not belong together.</exception>
        public static HookedEncoder FromPretrained(string nameOrPath, LoadOptions? options = null) => LoadPretrained(nameOrPath, options).Model;

        /// <summary>Loads an encoder and says what loading decided.</summary>
        /// <inheritdoc cref="FromPretrained"/>
        public static (HookedEncoder Model, LoadReport Report) LoadPretrained(string nameOrPath, LoadOptions? options = null)
        {
            var (model, report) = PretrainedModel.Load(nameOrPath, options ?? LoadOptions.Default, ModelKind.Encoder);
            return ((HookedEncoder)model, report);
        }
    }
}
