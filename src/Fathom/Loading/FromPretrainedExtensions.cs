using System.Text.Json;
using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Native;
using Fathom.Tokenization;

namespace Fathom.Loading;

/// <summary>Loading a model by name.</summary>
public static class FromPretrainedExtensions
{
    extension(HookedTransformer)
    {
        /// <summary>Loads a decoder: the embedded <c>names-4l</c>, an official name (<c>gpt2-small</c>), a hub id, or a folder.</summary>
        /// <param name="nameOrPath">Which model.</param>
        /// <param name="processing">What is done to the weights; <see langword="null"/> for the reference's defaults.</param>
        /// <param name="options">Type, device, revision.</param>
        /// <returns>The model, which the caller disposes.</returns>
        /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
        /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine.</exception>
        /// <exception cref="ConfigException">The config asks for something that is not implemented.</exception>
        /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
        /// <exception cref="CheckpointMismatchException">Weights and config do not belong together.</exception>
        public static HookedTransformer FromPretrained(string nameOrPath, Processing? processing = null, LoadOptions? options = null) =>
            LoadPretrained(nameOrPath, processing, options).Model;

        /// <summary>Loads a decoder and says what loading decided.</summary>
        /// <inheritdoc cref="FromPretrained"/>
        public static (HookedTransformer Model, LoadReport Report) LoadPretrained(string nameOrPath, Processing? processing = null, LoadOptions? options = null)
        {
            options ??= LoadOptions.Default;
            options = processing is null ? options : options with { Processing = processing };
            NativeLibraries.EnsureLoaded();
            var files = ModelFiles.Find(nameOrPath, options.Revision);
            var json = files.Config();
            var source = Path.Combine(files.Folder, "config.json");
            var architecture = Catalogue.Of(json, source);
            var config = architecture.ReadConfig(json, source);
            options.Progress?.Report($"Loading {nameOrPath}");
            using var checkpoint = Checkpoint.Open(files.Weights);
            var (model, report) = ModelLoader.Load(architecture, config, checkpoint, options);
            Equip(model, architecture, json, files);
            model.Source = new(nameOrPath, files.Revision, files.Folder, model.Source.Processing);
            return (model, report);
        }
    }

    /// <summary>Gives the model its tokenizer and token habits.</summary>
    private static void Equip(HookedTransformer model, Architecture architecture, JsonElement config, ModelFiles files)
    {
        var generation = Path.Combine(files.Folder, "generation_config.json");
        model.SpecialTokens = SpecialTokensReader.Read(config, File.Exists(generation) ? ConfigFile.Read(generation) : null);
        model.DefaultPrependBos = architecture.PrependBos && model.SpecialTokens.Bos is not null;
        if (File.Exists(Path.Combine(files.Folder, "tokenizer.json")) || File.Exists(Path.Combine(files.Folder, "vocab.json")))
        {
            model.Tokenizer = Tokenizer.FromFolder(files.Folder);
        }
    }
}
