using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Native;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Makes a decoder out of a config and a checkpoint.</summary>
internal static class ModelLoader
{
    /// <summary>Builds, binds and processes.</summary>
    /// <param name="architecture">The family.</param>
    /// <param name="config">What to build.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="options">How.</param>
    public static (HookedTransformer Model, LoadReport Report) Load(Architecture architecture, ModelConfig config, Checkpoint checkpoint, LoadOptions options)
    {
        NativeLibraries.EnsureLoaded();
        HookedTransformer model = new(config);
        try
        {
            using var gradients = torch.no_grad();
            WeightBinder binder = new(checkpoint, architecture, options.DType, Devices.Parse(options.Device)) { GainOffsets = GainOffsets(model) };
            binder.Bind(model.Weights, architecture.Weights(config), config.NLayers);
            binder.Tie(model.Embed.WE, model.Unembed.WU, config.TiedEmbeddings);
            binder.RequireComplete(model.Weights, ours => ours == "unembed.W_U" ? " The config says tie_word_embeddings=false, so the embedding does not stand in for it." : null);
            var (notes, done) = new WeightProcessing(model, options.Processing).Apply();
            model.Source = model.Source with { Processing = done };
            ComputePolicy.TrimMemory();
            return (model, new([.. binder.Notes, .. notes]));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Dictionary<string, double> GainOffsets(HookedTransformer model) => Norms(model)
        .Where(n => n.W is not null && Offset(n.Config) != 0)
        .ToDictionary(n => n.W!.Name, n => Offset(n.Config));

    private static double Offset(NormConfig config) => config switch { RmsNormConfig r => r.GainOffset, LayerNormConfig l => l.GainOffset, _ => 0 };

    private static IEnumerable<Norm> Norms(HookedTransformer model) => model.Norms;
}
