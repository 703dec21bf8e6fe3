using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching.Paths;

/// <summary>One reader.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Layer">Its layer; the last one, for logits.</param>
/// <param name="Head">Its head, or -1 for all (or none).</param>
internal readonly record struct ReaderPlace(ReaderKind Kind, int Layer, int Head)
{
    /// <summary>When it reads: senders at this stage or before reach it.</summary>
    public int Stage(HookedTransformer model) => Kind switch
    {
        ReaderKind.Logits => 4 * model.Config.NLayers,
        ReaderKind.Mlp when model.Blocks[Layer].Config.Layout != BlockLayout.Parallel => (4 * Layer) + 1,
        _ => 4 * Layer,
    };

    /// <summary>The points whose values follow from what it reads, position by position.</summary>
    public IEnumerable<HookPoint> Points(HookedTransformer model)
    {
        var block = model.Blocks[Layer];
        return Kind switch
        {
            ReaderKind.Queries => block.Attn!.HookGate is { } gate ? [block.Attn.HookQ, gate] : [block.Attn.HookQ],
            ReaderKind.Keys => [block.Attn!.HookK],
            ReaderKind.Values => [block.Attn!.HookV],
            ReaderKind.Mlp => [block.HookMlpOut!],
            _ => [block.HookResidPost],
        };
    }

    /// <summary>The point at which its input can be replaced in a plain run.</summary>
    public HookPoint Input(HookedTransformer model)
    {
        var block = model.Blocks[Layer];
        return Kind switch
        {
            ReaderKind.Queries => block.HookQInput!,
            ReaderKind.Keys => block.HookKInput!,
            ReaderKind.Values => block.HookVInput!,
            ReaderKind.Mlp => block.HookMlpIn!,
            _ => block.HookResidPost,
        };
    }

    /// <summary>The norm it reads through, where there is one of its own.</summary>
    public Norm? Norm(HookedTransformer model)
    {
        var block = model.Blocks[Layer];
        return Kind == ReaderKind.Logits || block.Config.Layout == BlockLayout.NormOnStream ? null
            : Kind == ReaderKind.Mlp ? block.Ln2 ?? (block.Config.Layout == BlockLayout.Parallel ? block.Ln1 : null) : block.Ln1;
    }

    /// <summary>The residual stream of a base run that it reads, where norms do not act on the stream.</summary>
    public HookPoint Stream(HookedTransformer model)
    {
        var block = model.Blocks[Layer];
        return Kind == ReaderKind.Logits ? block.HookResidPost : Kind == ReaderKind.Mlp ? block.HookResidMid ?? block.HookResidPre : block.HookResidPre;
    }

    /// <summary>When a sender writes.</summary>
    public static int StageOf(HookPoint sender, HookedTransformer model)
    {
        var layer = sender.Layer!.Value;
        var block = model.Blocks[layer];
        return (4 * layer) + (sender == block.HookResidPre ? 0 : sender == block.HookMlpOut ? 2 : sender == block.HookResidPost ? 3 : 1);
    }
}
