using Fathom.Components;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Patching.Paths;

/// <summary>The readers of a path sweep on one model: axes, and the places of each combination.</summary>
internal sealed class ReaderSet
{
    private readonly HookedTransformer _model;
    private readonly Readers _readers;
    private readonly int[] _layers;
    private readonly int[]? _heads;
    private readonly List<ReaderPlace> _always = [];

    public ReaderSet(HookedTransformer model, Readers readers)
    {
        (_model, _readers) = (model, readers);
        (_layers, _heads) = Resolve(readers);
        foreach (var more in readers.And)
        {
            if (more.Over.Count > 0 || more.And.Count > 0)
            {
                throw new SweepInputException($"Readers that belong to every set ('{more}') are taken together and have no axes of their own. Write 'with {{ Over = [] }}', or sweep them in an experiment of their own.");
            }

            var (layers, heads) = Resolve(more);
            _always.AddRange(Places(more.Kind, layers, heads));
        }

        Axes = [.. readers.Over.Select(a => a == Axis.Layer
            ? new SweepAxis("reader_layer", [.. _layers.Select(l => $"L{l}")], _layers)
            : HeadAxis(readers))];
    }

    public IReadOnlyList<SweepAxis> Axes { get; }

    public int Count => Axes.Aggregate(1, (n, a) => n * a.Count);

    /// <summary>All places that any set has.</summary>
    public IEnumerable<ReaderPlace> All => [.. Places(_readers.Kind, _layers, null), .. _always];

    /// <summary>The readers of one set.</summary>
    public IReadOnlyList<ReaderPlace> this[int set]
    {
        get
        {
            var (layers, heads) = (_layers, _heads);
            for (var a = Axes.Count - 1; a >= 0; a--)
            {
                (set, var at) = Math.DivRem(set, Axes[a].Count);
                int[] chosen = [Axes[a].Indices[at]];
                (layers, heads) = _readers.Over[a] == Axis.Layer ? (chosen, heads) : (layers, chosen);
            }

            return [.. Places(_readers.Kind, layers, heads), .. _always];
        }
    }

    private static IEnumerable<ReaderPlace> Places(ReaderKind kind, int[] layers, int[]? heads) =>
        layers.SelectMany(l => (heads ?? [-1]).Select(h => new ReaderPlace(kind, l, h)));

    private (int[] Layers, int[]? Heads) Resolve(Readers readers)
    {
        var attention = readers.Kind is ReaderKind.Queries or ReaderKind.Keys or ReaderKind.Values;
        foreach (var axis in readers.Over)
        {
            if ((axis != Axis.Layer && axis != Axis.Head) || (axis == Axis.Head && !attention) || readers.Kind == ReaderKind.Logits)
            {
                throw new SweepInputException($"Readers cannot be swept over '{axis}': {readers.Kind.ToString().ToLowerInvariant()} {(attention ? "have the axes layer and head" : readers.Kind == ReaderKind.Mlp ? "has the axis layer" : "has no axes")}.");
            }
        }

        if (readers.Over.Distinct().Count() != readers.Over.Count)
        {
            throw new SweepInputException($"The readers' axes [{string.Join(", ", readers.Over)}] name one twice.");
        }

        if (readers.Kind == ReaderKind.Logits)
        {
            return readers.Layers is null && readers.Heads is null ? ([_model.Config.NLayers - 1], null) : throw new SweepInputException("The logits are one reader: they have neither layers nor heads to choose.");
        }

        int[] able = [.. Enumerable.Range(0, _model.Config.NLayers).Where(l => attention ? ReadsAlone(_model.Blocks[l], readers.Kind) : _model.Blocks[l].Mlp is not null)];
        if (able.Length == 0)
        {
            throw new SweepInputException($"{_model.Config.Architecture} has no {(attention ? $"heads whose {readers.Kind.ToString().ToLowerInvariant()} read the stream by themselves" : "MLPs")}.");
        }

        var layers = readers.Layers is null ? able : Indices.Resolve(readers.Layers, _model.Config.NLayers, "layer", "Layers");
        if (layers.Except(able).ToList() is { Count: > 0 } missing)
        {
            throw new SweepInputException($"Layer {missing[0]} has no {(attention ? $"heads whose {readers.Kind.ToString().ToLowerInvariant()} read the stream by themselves" : "MLP")}; layers {string.Join(", ", able)} have.");
        }

        if (readers.Heads is null)
        {
            return (layers, null);
        }

        return attention
            ? (layers, Indices.Resolve(readers.Heads, HeadsOf(readers.Kind, layers), HeadName(readers.Kind), "Heads"))
            : throw new SweepInputException("Heads chooses heads of readers that have none: leave it out, or read by queries, keys or values.");
    }

    /// <summary>Whether a block's heads read the stream each for itself: routed experts, compressed keys and another block's keys do not.</summary>
    private static bool ReadsAlone(TransformerBlock block, ReaderKind kind) =>
        block.Attn is { Latent: null, Config: var config } && (kind == ReaderKind.Queries || config.KeysFrom is null);

    private SweepAxis HeadAxis(Readers readers)
    {
        int[] heads = _heads ?? [.. Enumerable.Range(0, HeadsOf(readers.Kind, _layers))];
        var name = HeadName(readers.Kind);
        return new($"reader_{name}", [.. heads.Select(h => name == "head" ? $"H{h}" : $"KV{h}")], heads);
    }

    private int HeadsOf(ReaderKind kind, int[] layers)
    {
        var counts = layers.Select(l => _model.Blocks[l].Attn!.Config).Select(c => kind == ReaderKind.Queries ? c.NHeads : c.NKeyValueHeads).Distinct().ToList();
        return counts.Count == 1 ? counts[0] : throw new SweepInputException($"The layers have different numbers of heads ({string.Join(", ", counts)}). Choose layers that agree, or leave heads together.");
    }

    private string HeadName(ReaderKind kind) =>
        kind == ReaderKind.Queries || _model.Blocks[_layers is { Length: > 0 } ? _layers[0] : 0].Attn is { Config: var c } && c.NHeads == c.NKeyValueHeads ? "head" : "kv_head";
}
