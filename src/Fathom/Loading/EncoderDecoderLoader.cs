using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Native;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Makes an encoder-decoder out of a config and a checkpoint. Its weights are those of the file.</summary>
internal static class EncoderDecoderLoader
{
    /// <summary>Builds the model and binds its weights.</summary>
    /// <param name="architecture">The family.</param>
    /// <param name="config">What to build.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="options">How.</param>
    public static (HookedEncoderDecoder Model, LoadReport Report) Load(Architecture architecture, ModelConfig config, Checkpoint checkpoint, LoadOptions options)
    {
        NativeLibraries.EnsureLoaded();
        HookedEncoderDecoder model = new(config);
        Allocation.BeginLoad();
        try
        {
            using var gradients = torch.no_grad();
            WeightBinder binder = new(checkpoint, architecture, options.DType, Devices.Parse(options.Device)) { GainOffsets = ModelLoader.GainOffsets(model) };
            var rules = architecture.Weights(config);
            var ofEncoder = rules.ToLookup(r => r.Ours.StartsWith("encoder.", StringComparison.Ordinal));
            binder.Bind(model.Weights, [.. ofEncoder[true]], Enumerable.Range(0, model.Encoder.Blocks.Count));
            binder.Bind(model.Weights, [.. ofEncoder[false]], Enumerable.Range(0, model.Decoder.Blocks.Count));
            RequireTables(model, rules, binder);
            binder.RequireSame(architecture.EmbeddingCopies, model.Embed.WE);
            binder.Tie(model.Embed.WE, model.Unembed.WU, config.TiedEmbeddings);
            binder.RequireComplete(model.Weights, ours => ours == "unembed.W_U" ? " The config says tie_word_embeddings=false, so the embedding does not stand in for it." : null);
            var (notes, done) = ModelLoader.Unprocessed(options.Processing, "the norms of an encoder-decoder are read by both stacks or act on the stream itself, and the weights of the file are used as they are");
            model.Source = model.Source with { Processing = done };
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

    /// <summary>Files may hold the table of fixed position vectors; it must be the one that is computed.</summary>
    private static void RequireTables(HookedEncoderDecoder model, IReadOnlyList<WeightRule> rules, WeightBinder binder)
    {
        foreach (var stack in new[] { model.Encoder, model.Decoder }.Where(s => s.PosEmbed is { WPos: null }))
        {
            var name = rules.Single(r => r.Ours == $"{stack.PosEmbed!.Path}.W_pos").Theirs;
            binder.RequireTable(name, rows =>
            {
                using Pass pass = new([new Segment(1, rows, NoPrefix.Instance)], ActiveHooks.None);
                return stack.PosEmbed!.Forward(pass, torch.float32);
            });
        }
    }
}
