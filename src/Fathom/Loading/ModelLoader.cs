using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Native;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Makes a model out of a config and a checkpoint.</summary>
internal static class ModelLoader
{
    /// <summary>Builds a decoder, binds and processes its weights.</summary>
    /// <param name="architecture">The family.</param>
    /// <param name="config">What to build.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="options">How.</param>
    public static (HookedTransformer Model, LoadReport Report) Load(Architecture architecture, ModelConfig config, Checkpoint checkpoint, LoadOptions options)
    {
        NativeLibraries.EnsureLoaded();
        return Filled(new HookedTransformer(config), architecture, checkpoint, options, m => new WeightProcessing(m, options.Processing).Apply());
    }

    /// <summary>Builds an encoder and binds its weights, which are never processed.</summary>
    /// <inheritdoc cref="Load"/>
    public static (HookedEncoder Model, LoadReport Report) LoadEncoder(Architecture architecture, ModelConfig config, Checkpoint checkpoint, LoadOptions options)
    {
        NativeLibraries.EnsureLoaded();
        return Filled(new HookedEncoder(config), architecture, checkpoint, options, _ => Unprocessed(options.Processing, "an encoder's norms act on the stream itself or have a nonlinear head behind them, and the weights of the file are used as they are"));
    }

    /// <summary>What processing does to a kind of model that is used with the weights of its file.</summary>
    /// <exception cref="ProcessingException">A step was asked for by name.</exception>
    internal static (IReadOnlyList<string> Notes, string Done) Unprocessed(Processing processing, string reason) => processing == Processing.None
        ? ([], "none")
        : processing.WhereValid ? ([$"Weight processing was skipped: {reason}."], "none") : throw new ProcessingException(processing.ToString(), reason);

    /// <summary>The constants that norms add to their stored gains, by weight name.</summary>
    internal static Dictionary<string, double> GainOffsets(HookedModel model) => model.Norms
        .Where(n => n.W is not null && Offset(n.Config) != 0)
        .ToDictionary(n => n.W!.Name, n => Offset(n.Config));

    private static (TModel Model, LoadReport Report) Filled<TModel>(TModel model, Architecture architecture, Checkpoint checkpoint, LoadOptions options, Func<TModel, (IReadOnlyList<string> Notes, string Done)> process)
        where TModel : StackedModel
    {
        Allocation.BeginLoad();
        try
        {
            using var gradients = torch.no_grad();
            var config = model.Config;
            WeightBinder binder = new(checkpoint, architecture, options.DType, Devices.Parse(options.Device)) { GainOffsets = GainOffsets(model) };
            binder.Bind(model.Weights, architecture.Weights(config), Enumerable.Range(0, config.NLayers).Where(i => config.Blocks[i].WeightsOf is null));
            Share(model);
            if (model.Unembed is { } unembed)
            {
                binder.Tie(model.WordVectors, unembed.WU, config.TiedEmbeddings);
            }

            binder.RequireComplete(model.Weights, ours => ours == "unembed.W_U" ? " The config says tie_word_embeddings=false, so the embedding does not stand in for it." : null);
            var (notes, done) = process(model);
            model.Source = model.Source with { Processing = binder.HeadStoredApart ? $"{done}, head as stored" : done };
            return (model, new([.. binder.Notes, .. notes]));
        }
        catch
        {
            model.Dispose();
            throw;
        }
        finally
        {
            Allocation.EndLoad();
        }
    }

    /// <summary>Gives blocks without weights of their own those of an earlier block.</summary>
    private static void Share(StackedModel model)
    {
        foreach (var (i, block) in model.Config.Blocks.Index())
        {
            if (block.WeightsOf is { } owner)
            {
                var (own, other) = ($"blocks.{i}.", $"blocks.{owner}.");
                foreach (var weight in model.Weights.Where(w => w.Name.StartsWith(own, StringComparison.Ordinal)))
                {
                    weight.Share(model.Weight(other + weight.Name[own.Length..]));
                }
            }
        }
    }

    private static double Offset(NormConfig config) => config switch { RmsNormConfig r => r.GainOffset, LayerNormConfig l => l.GainOffset, _ => 0 };
}
