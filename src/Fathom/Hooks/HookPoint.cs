using Fathom.Tensors;

namespace Fathom.Hooks;

/// <summary>A named place in the forward pass where an activation can be read or replaced. It holds no hooks: those belong to runs and scopes.</summary>
public sealed class HookPoint
{
    /// <summary>Declares a point.</summary>
    /// <param name="name">The full name, e.g. <c>blocks.0.attn.hook_pattern</c>.</param>
    /// <param name="axes">The activation's axes, e.g. <c>batch head query_pos key_pos</c>.</param>
    /// <param name="optional">Whether the activation is only computed when someone listens.</param>
    /// <param name="layer">The block the point lies in, or <see langword="null"/>.</param>
    /// <param name="sizes">Sizes of the axes that are known before a run.</param>
    internal HookPoint(string name, string axes, bool optional, int? layer, IReadOnlyDictionary<string, long> sizes)
    {
        Name = name;
        Axes = new(axes);
        IsOptional = optional;
        Layer = layer;
        Sizes = sizes;
    }

    /// <summary>The full name, e.g. <c>blocks.0.attn.hook_pattern</c>.</summary>
    public string Name { get; }

    /// <summary>The axes of the activation that passes here.</summary>
    public Axes Axes { get; }

    /// <summary>Whether the activation is only computed when someone listens (<c>hook_result</c>, <c>hook_q_input</c>, ...).</summary>
    public bool IsOptional { get; }

    /// <summary>The index of the block the point lies in; <see langword="null"/> outside blocks.</summary>
    public int? Layer { get; }

    /// <summary>Whether the activation holds indices, int64: averages and sums of them mean nothing.</summary>
    public bool HoldsIndices { get; internal init; }

    /// <summary>The name within its block or model, e.g. <c>attn.hook_pattern</c>.</summary>
    public string ShortName => Layer is { } layer ? Name[(Name.IndexOf($".{layer}.", StringComparison.Ordinal) + $".{layer}.".Length)..] : Name;

    /// <summary>Sizes of the axes that do not depend on the run (<c>d_model</c>, <c>head</c>, ...).</summary>
    internal IReadOnlyDictionary<string, long> Sizes { get; }

    /// <summary>Writes the shape with sizes where they are known, e.g. <c>[batch, pos, head=12, d_head=64]</c>.</summary>
    public string Shape() => $"[{string.Join(", ", Axes.Names.Select(n => Sizes.TryGetValue(n, out var s) ? $"{n}={s}" : n))}]";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Axes}";
}
