using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Engine;
using Fathom.Tensors;

namespace Fathom.Patching.Paths;

/// <summary>The residual stream of a base run with changed outputs of some senders, everything else frozen.</summary>
internal static class FrozenStream
{
    /// <summary>The points of a base run that the streams of a job's readers are made from.</summary>
    public static IEnumerable<HookPoint> PointsFor(HookedTransformer model, ResolvedPaths sweep)
    {
        foreach (var point in sweep.Points)
        {
            yield return point;
            yield return model.Blocks[point.Layer!.Value].HookAttnOut;
        }

        foreach (var reader in sweep.AllReaders)
        {
            yield return reader.Stream(model);
            if (sweep.Paths.Norm == ReaderNorm.FrozenScale && reader.Norm(model) is { } norm)
            {
                yield return norm.HookScale;
            }
        }

        if (ActsOnStream(model))
        {
            foreach (var block in model.Blocks)
            {
                yield return block.HookResidPre;
                yield return block.HookAttnOut;
                if (block.HookMlpOut is { } mlp)
                {
                    yield return mlp;
                }
            }
        }
    }

    /// <summary>The stream that a reader sees.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">The base run.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="first">The first position.</param>
    /// <param name="sent">The change of each sender's output, <c>[positions, d_model]</c>.</param>
    public static Tensor At(HookedTransformer model, PromptRun run, ReaderPlace reader, int first, IReadOnlyDictionary<HookPoint, Tensor> sent)
    {
        var count = sent.Values.First().shape[0];
        Tensor Base(HookPoint point) => run[point].narrow(0, first, count);
        Tensor Changed(Tensor value, HookPoint? point) => point is not null && sent.TryGetValue(point, out var change) ? value.Plus(change) : value;
        var stage = reader.Stage(model);
        if (!ActsOnStream(model))
        {
            return sent.Where(s => ReaderPlace.StageOf(s.Key, model) <= stage).Aggregate(Base(reader.Stream(model)), (x, s) => x.Plus(s.Value));
        }

        using Pass idle = new([], ActiveHooks.None);
        var from = sent.Keys.Min(p => p.Layer!.Value);
        var x = Base(model.Blocks[from].HookResidPre);
        for (var layer = from; ; layer++)
        {
            var block = model.Blocks[layer];
            x = Changed(x, block.HookResidPre);
            if (stage == 4 * layer)
            {
                return x;
            }

            var onStream = block.Config.Layout == BlockLayout.NormOnStream;
            var mid = Changed(Changed(x.Plus(Base(block.HookAttnOut)), block.HookAttnOut), block.HookResidMid);
            mid = onStream && block.Mlp is not null ? block.Ln1?.Forward(mid, idle) ?? mid : mid;
            if (stage == (4 * layer) + 1)
            {
                return mid;
            }

            var post = Changed(block.HookMlpOut is { } mlp ? Changed(mid.Plus(Base(mlp)), mlp) : mid, block.HookResidPost);
            if (layer == model.Config.NLayers - 1)
            {
                return post;
            }

            x = onStream ? block.Ln2?.Forward(post, idle) ?? post : post;
        }
    }

    private static bool ActsOnStream(HookedTransformer model) => model.Blocks.Any(b => b.Config.Layout == BlockLayout.NormOnStream);
}
