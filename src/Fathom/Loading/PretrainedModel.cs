using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Native;

namespace Fathom.Loading;

/// <summary>Loading a model whose kind is not known beforehand.</summary>
public static class PretrainedModel
{
    /// <summary>Loads a model of any kind by name, as the class that computes it.</summary>
    /// <param name="nameOrPath">An official name, a hub id, a folder, a <c>.gguf</c> file, or the folder of a LoRA adapter.</param>
    /// <param name="options">Type, device, revision, adapter, processing.</param>
    /// <returns>A <see cref="HookedTransformer"/>, a <see cref="HookedEncoder"/> or a <see cref="HookedEncoderDecoder"/>, which the caller disposes, and what loading decided.</returns>
    /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
    /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
    /// <exception cref="ConfigException">The config asks for something that is not implemented.</exception>
    /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
    /// <exception cref="CheckpointMismatchException">Weights and config do not belong together.</exception>
    public static (HookedModel Model, LoadReport Report) Load(string nameOrPath, LoadOptions? options = null) => Load(nameOrPath, options ?? LoadOptions.Default, expected: null);

    /// <summary>Reads a model's config from whatever files it has, and the names and shapes of its tensors, but no weights; no native library is loaded.</summary>
    /// <param name="nameOrPath">As for <see cref="Load(string, LoadOptions?)"/>.</param>
    /// <param name="options">Revision, adapter, hub.</param>
    /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
    /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
    /// <exception cref="ConfigException">The config asks for something that is not implemented.</exception>
    /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
    public static ModelDescription Describe(string nameOrPath, LoadOptions? options = null)
    {
        options ??= LoadOptions.Default;
        using var opened = OpenedModel.Open(ModelFiles.Find(nameOrPath, options), options);
        var architecture = Catalogue.Of(opened.Config, opened.ConfigSource);
        return new(architecture, architecture.ReadConfig(opened.Config, opened.ConfigSource), opened.ConfigSource, opened.Tokenizer is not null, opened.Notices);
    }

    /// <summary>The type of fewest bits in which loading a model loses none of its numbers; only the heads of its files are read.</summary>
    /// <param name="nameOrPath">As <see cref="Load(string, LoadOptions)"/> takes it.</param>
    /// <param name="options">Revision, adapter.</param>
    /// <returns><c>BFloat16</c> or <c>Float16</c> for files of that type alone, <c>Float64</c> for files with a tensor of that, else <c>Float32</c>. Formats of few bits (GGUF's blocks, 8-bit floats) unpack to <c>Float32</c>.</returns>
    /// <exception cref="ModelNotFoundException">Nothing is at that path.</exception>
    /// <exception cref="Fathom.Hub.HubException">The name is unknown, or its files are not on this machine and cannot be fetched.</exception>
    /// <exception cref="InvalidCheckpointException">A weight file is damaged.</exception>
    public static torch.ScalarType LosslessDType(string nameOrPath, LoadOptions? options = null)
    {
        options ??= LoadOptions.Default;
        using var opened = OpenedModel.Open(ModelFiles.Find(nameOrPath, options), options);
        var types = opened.Checkpoint.Tensors.Values.Select(t => t.Type.ReadAs).OfType<torch.ScalarType>()
            .Where(t => t is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32 or torch.ScalarType.Float64).ToHashSet();
        return types.Contains(torch.ScalarType.Float64) ? torch.ScalarType.Float64 : types.Count == 1 ? types.Single() : torch.ScalarType.Float32;
    }

    /// <summary>Loads a model and refuses other kinds than the expected one, naming the class that computes them.</summary>
    internal static (HookedModel Model, LoadReport Report) Load(string nameOrPath, LoadOptions options, ModelKind? expected)
    {
        NativeLibraries.EnsureLoaded();

        // Nobody should wait for a download to learn that the device is not there.
        _ = Devices.Parse(options.Device);
        var files = ModelFiles.Find(nameOrPath, options);
        options.Progress?.Report($"Loading {nameOrPath}");
        using var opened = OpenedModel.Open(files, options);
        var architecture = Catalogue.Of(opened.Config, opened.ConfigSource);
        if (expected is { } kind && architecture.Kind != kind)
        {
            throw new ConfigException(opened.ConfigSource, ["architectures"], $"{Catalogue.Named(opened.Config)} ({architecture.Family}) is {WhatIs(architecture.Kind)}: load it with {ClassOf(architecture.Kind)}.FromPretrained. {ClassOf(kind)} computes what is {WhatIs(kind)}; PretrainedModel.Load takes every kind.");
        }

        var config = architecture.ReadConfig(opened.Config, opened.ConfigSource);
        (HookedModel model, LoadReport report) = architecture.Kind switch
        {
            ModelKind.Decoder => ModelLoader.Load(architecture, config, opened.Checkpoint, options),
            ModelKind.Encoder => ((HookedModel, LoadReport))ModelLoader.LoadEncoder(architecture, config, opened.Checkpoint, options),
            ModelKind.EncoderDecoder => EncoderDecoderLoader.Load(architecture, config, opened.Checkpoint, options),
            var other => throw new ArgumentOutOfRangeException(nameof(nameOrPath), other, $"No class loads a model of kind {other}."),
        };
        Equip(model, architecture, opened);
        model.Origin = opened.Origin();
        model.Source = new(nameOrPath, files.Revision, files.Folder, model.Source.Processing);
        return (model, new([.. opened.Notices, .. report.Notes]));
    }

    private static string ClassOf(ModelKind kind) => kind switch
    {
        ModelKind.Encoder => nameof(HookedEncoder),
        ModelKind.EncoderDecoder => nameof(HookedEncoderDecoder),
        _ => nameof(HookedTransformer),
    };

    private static string WhatIs(ModelKind kind) => kind switch
    {
        ModelKind.Encoder => "an encoder",
        ModelKind.EncoderDecoder => "an encoder-decoder",
        _ => "a decoder",
    };

    /// <summary>Gives the model its tokenizer and token habits.</summary>
    private static void Equip(HookedModel model, Architecture architecture, OpenedModel opened)
    {
        model.SpecialTokens = SpecialTokensReader.Read(opened.Config, opened.Generation, opened.Tokenizer);
        model.DefaultPrependBos = model.FramesTexts || (architecture.PrependBos && opened.PrependsBos && model.SpecialTokens.Bos is not null);
        model.TokenizerHint = opened.TokenizerHint;
        if (model is HookedEncoderDecoder two)
        {
            SpecialTokensReader.ReadForced(two, opened.Generation);
        }

        if (opened.Tokenizer is { } tokenizer)
        {
            model.Tokenizer = tokenizer;
        }
    }
}
