using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>The places of a site that a sweep goes over: axes, and for each combination of their indices the slices replaced.</summary>
internal sealed class PlaceSet
{
    private readonly List<SitePoint> _rows;
    private readonly List<(int Dimension, int[] Indices)> _chosen = [];
    private readonly int[] _dimensions;
    private readonly int[] _layerRows;

    public PlaceSet(ResolvedSweep resolved, Places places, string prefix = "")
    {
        _rows = [.. places.Site.In(resolved.Model)];
        var first = _rows[0].Point;
        if (first.Axes.Names[0] != "batch")
        {
            throw new SweepInputException($"'{places.Site}' cannot be patched by example: {first} has no batch axis.");
        }

        if (places.Over.Distinct().Count() != places.Over.Count)
        {
            throw new SweepInputException($"Over names the axes of the result, each once, such as [Axis.Layer, Axis.Position]; found [{string.Join(", ", places.Over)}].");
        }

        AxisReader reader = new(resolved, places, _rows);
        _layerRows = reader.LayerRows();
        Axes = [.. places.Over.Select(reader.Read).Select(a => a with { Name = prefix + a.Name })];
        _dimensions = [.. places.Over.Select(a => a == Axis.Layer ? -1 : first.Axes.IndexOf(a) - 1)];
        foreach (var (axis, indices) in reader.Chosen())
        {
            var dimension = first.Axes.IndexOf(axis) - 1;
            if (!_dimensions.Contains(dimension))
            {
                _chosen.Add((dimension, indices));
            }
        }
    }

    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>The hook points that any place touches.</summary>
    public IReadOnlyList<HookPoint> Points => [.. _layerRows.Select(r => _rows[r].Point).Distinct()];

    /// <summary>The replacements at one index per axis, all from one donor.</summary>
    public IReadOnlyList<Edit> EditsAt(ReadOnlySpan<int> indices, Donor donor)
    {
        IReadOnlyList<int> rows = _layerRows;
        var at = new List<int[]> { Enumerable.Repeat(-1, _rows[0].Point.Axes.Names.Count - 1).ToArray() };
        for (var a = 0; a < indices.Length; a++)
        {
            var index = Axes[a].Indices[indices[a]];
            if (_dimensions[a] < 0)
            {
                rows = [index];
            }
            else
            {
                at[0][_dimensions[a]] = index;
            }
        }

        foreach (var (dimension, chosen) in _chosen)
        {
            at = [.. at.SelectMany(one => chosen.Select(i => With(one, dimension, i)))];
        }

        return [.. rows.SelectMany(r => at.Select(a => new Edit(_rows[r].Point, a, donor)))];
    }

    private static int[] With(int[] at, int dimension, int index)
    {
        int[] copy = [.. at];
        copy[dimension] = index;
        return copy;
    }
}
