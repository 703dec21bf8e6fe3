using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Activations;

/// <summary>Activations of one run by name, in firing order. Each is a copy of its own: no later edit can change it.</summary>
/// <remarks>Disposing frees the activations. Names take the field's short forms: <c>cache["q3"]</c>, <c>cache["resid_pre", 5]</c>.</remarks>
public sealed class ActivationCache : IReadOnlyCollection<KeyValuePair<string, Tensor>>, IDisposable
{
    private readonly Dictionary<string, Tensor> _activations;
    private readonly List<string> _order;

    internal ActivationCache(HookedModel model, IEnumerable<KeyValuePair<string, Tensor>> activations, TokenBatch? input = null, IReadOnlyDictionary<string, Tensor>? gradients = null, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>>? more = null)
    {
        Model = model;
        Input = input;
        _order = [];
        _activations = [];
        foreach (var (name, activation) in activations)
        {
            _order.Add(name);
            _activations[name] = activation;
        }

        Gradients = gradients ?? new Dictionary<string, Tensor>();
        GradientsOf = more ?? new Dictionary<string, IReadOnlyDictionary<string, Tensor>>();
    }

    /// <summary>The model that ran.</summary>
    public HookedModel Model { get; }

    /// <summary>The names, in firing order.</summary>
    public IReadOnlyList<string> Names => _order;

    /// <summary>The number of activations.</summary>
    public int Count => _order.Count;

    /// <summary>Gradients of the scalar that was asked for, by activation name; empty if none was. An activation that the scalar does not depend on has a gradient of zeros.</summary>
    public IReadOnlyDictionary<string, Tensor> Gradients { get; }

    /// <summary>Gradients of the further scalars that were asked for, by their names and then by activation name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> GradientsOf { get; }

    /// <summary>Whether activations have their batch axis; after <see cref="RemoveBatchDim"/> they do not.</summary>
    public bool HasBatchDim { get; internal init; } = true;

    /// <summary>The bytes that the activations and gradients take.</summary>
    public long Bytes => _activations.Values.Concat(Gradients.Values).Concat(GradientsOf.Values.SelectMany(g => g.Values)).Sum(t => t.numel() * t.element_size());

    /// <summary>The ids that ran, where they are known.</summary>
    internal TokenBatch? Input { get; }

    /// <summary>An activation by full name or short form. It belongs to the cache.</summary>
    /// <exception cref="UnknownHookException">The cache does not hold it.</exception>
    public Tensor this[string name] => TryGet(name, out var activation) ? activation : throw Missing(name);

    /// <summary>An activation by parts, e.g. <c>cache["q", 3]</c> or <c>cache["scale", 4, "ln1"]</c>. Negative layers count from the end.</summary>
    /// <exception cref="UnknownHookException">The cache does not hold it.</exception>
    public Tensor this[string name, int layer, string? part = null] => this[ActivationName.Of(name, layer < 0 ? Layers + layer : layer, part)];

    private int Layers => Model.HookPoints.Max(p => p.Layer ?? -1) + 1;

    /// <summary>Finds an activation without failing.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? activation) =>
        _activations.TryGetValue(name, out activation) || _activations.TryGetValue(ActivationName.Expand(name), out activation)
        || (name.EndsWith("_grad", StringComparison.Ordinal) && Gradients.TryGetValue(name[..^"_grad".Length], out activation));

    /// <summary>Whether the cache holds an activation.</summary>
    public bool Contains(string name) => TryGet(name, out _);

    /// <summary>A cache without the batch axis of this one, which must hold one sequence. It shares this one's numbers: dispose this one last.</summary>
    /// <exception cref="InvalidOperationException">The run had several sequences.</exception>
    public ActivationCache RemoveBatchDim()
    {
        if (!HasBatchDim)
        {
            return this;
        }

        var several = _order.FirstOrDefault(n => HasBatchAxis(n) && _activations[n].shape[0] != 1);
        return several is null
            ? new(Model, _order.Select(n => KeyValuePair.Create(n, Squeezed(n, _activations[n]))), Input, Squeezed(Gradients), GradientsOf.ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, Tensor>)Squeezed(g.Value))) { HasBatchDim = false }
            : throw new InvalidOperationException($"The batch axis can be removed only from a run of one sequence; {several} has {_activations[several].shape[0]}. Slice with SliceBatch first.");
    }

    /// <summary>A cache of some sequences of the batch, which keeps the batch axis. It holds copies.</summary>
    /// <param name="rows">The rows, as a range.</param>
    public ActivationCache SliceBatch(Range rows)
    {
        using var plain = torch.no_grad();
        return new(Model, _order.Select(n => KeyValuePair.Create(n, Rows(n, _activations[n], rows))), gradients: Rows(Gradients, rows), more: GradientsOf.ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, Tensor>)Rows(g.Value, rows)));
    }

    /// <summary>Names and activations, in firing order.</summary>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _order.Select(n => KeyValuePair.Create(n, _activations[n])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Frees the activations and gradients.</summary>
    public void Dispose()
    {
        foreach (var tensor in _activations.Values.Concat(Gradients.Values).Concat(GradientsOf.Values.SelectMany(g => g.Values)))
        {
            tensor.Dispose();
        }

        Input?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"ActivationCache of {Count} activations, {Bytes / 1e6:0.0} MB";

    private Tensor Squeezed(string name, Tensor activation) => HasBatchAxis(name) ? activation.squeeze(0).DetachFromDisposeScope() : activation;

    private Tensor Rows(string name, Tensor activation, Range rows)
    {
        if (!HasBatchAxis(name))
        {
            return activation.clone().DetachFromDisposeScope();
        }

        var (offset, length) = rows.GetOffsetAndLength((int)activation.shape[0]);
        using var view = activation.narrow(0, offset, length);
        return view.clone().DetachFromDisposeScope();
    }

    private Dictionary<string, Tensor> Squeezed(IReadOnlyDictionary<string, Tensor> gradients) => gradients.ToDictionary(g => g.Key, g => Squeezed(g.Key, g.Value));

    private Dictionary<string, Tensor> Rows(IReadOnlyDictionary<string, Tensor> gradients, Range rows) => gradients.ToDictionary(g => g.Key, g => Rows(g.Key, g.Value, rows));

    private bool HasBatchAxis(string name) => Model.Point(name).Axes.Names[0] == "batch";

    private Exception Missing(string name)
    {
        var full = ActivationName.Expand(name);
        return Model.HookPoints.FirstOrDefault(p => p.Name == full) is { } point
            ? new KeyNotFoundException($"The cache does not hold '{full}'{(point.IsOptional ? ", which is optional: name it when running with a cache" : "")}. It holds {Count} activations{(Count > 0 ? $", from '{_order[0]}' to '{_order[^1]}'" : "")}; run again with a filter that includes it.")
            : new UnknownHookException(name, [.. Model.HookPoints.Select(p => p.Name)]);
    }
}
