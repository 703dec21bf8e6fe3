using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>A place in the tree of parts: it names what is declared there and knows the sizes of the axes.</summary>
internal sealed class PartScope
{
    private readonly List<Weight> _weights;
    private readonly List<HookPoint> _points;
    private readonly List<Norm> _norms;
    private readonly Dictionary<string, long> _sizes;
    private readonly int? _layer;

    /// <summary>Starts a tree.</summary>
    public PartScope()
        : this("", null, [], [], [], [])
    {
    }

    private PartScope(string path, int? layer, Dictionary<string, long> sizes, List<Weight> weights, List<HookPoint> points, List<Norm> norms)
    {
        Path = path;
        _layer = layer;
        _sizes = sizes;
        _weights = weights;
        _points = points;
        _norms = norms;
    }

    /// <summary>The prefix of names declared here, ending in a dot unless empty.</summary>
    public string Path { get; }

    /// <summary>The block this place lies in.</summary>
    public int Layer => _layer ?? throw new InvalidOperationException($"'{Path}' lies outside the blocks.");

    /// <summary>The size of an axis known here.</summary>
    public long SizeOf(string axis) => _sizes[axis];

    /// <summary>Every weight slot of the tree so far.</summary>
    public IReadOnlyList<Weight> Weights => _weights;

    /// <summary>Every hook point of the tree so far.</summary>
    public IReadOnlyList<HookPoint> Points => _points;

    /// <summary>Every norm of the tree so far.</summary>
    public IReadOnlyList<Norm> Norms => _norms;

    /// <summary>Counts a norm to the tree.</summary>
    public void Register(Norm norm) => _norms.Add(norm);

    /// <summary>The same place, knowing more axis sizes.</summary>
    public PartScope With(params ReadOnlySpan<(string Axis, long Size)> sizes)
    {
        Dictionary<string, long> all = new(_sizes);
        foreach (var (axis, size) in sizes)
        {
            all[axis] = size;
        }

        return new(Path, _layer, all, _weights, _points, _norms);
    }

    /// <summary>A place below this one.</summary>
    public PartScope Child(string name, int? layer = null) => new($"{Path}{name}.", layer ?? _layer, _sizes, _weights, _points, _norms);

    /// <summary>Declares a weight; its shape follows from the axes' sizes.</summary>
    /// <param name="name">The field's symbol.</param>
    /// <param name="axes">The field's axes.</param>
    /// <param name="matrix">The layout it is stored and multiplied in, as <c>input (output output)</c>; <see langword="null"/> for the axes as they are.</param>
    /// <param name="required">Whether a model without it is incomplete; an absent optional weight is left out of the computation.</param>
    /// <param name="wide">Whether the numbers keep at least 32 bits in a model of 16.</param>
    public Weight Weight(string name, string axes, string? matrix = null, bool required = true, bool wide = false)
    {
        Weight weight = new(Path + name, axes, _sizes, matrix, required, wide);
        _weights.Add(weight);
        return weight;
    }

    /// <summary>Declares a hook point.</summary>
    public HookPoint Point(string name, string axes, bool optional = false, bool indices = false)
    {
        HookPoint point = new(Path + name, axes, optional, _layer, _sizes) { HoldsIndices = indices };
        _points.Add(point);
        return point;
    }
}
