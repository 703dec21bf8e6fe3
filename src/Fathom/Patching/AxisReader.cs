using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>Reads the axes and index choices of a sweep against a site of a model, and labels them.</summary>
internal sealed class AxisReader(ResolvedSweep resolved, Places places, IReadOnlyList<SitePoint> rows)
{
    private bool ByRow => places.Site.Name == Site.ResidualStream.Name;

    /// <summary>The rows of the site that are patched.</summary>
    public int[] LayerRows()
    {
        if (places.Layers is not { } layers)
        {
            return [.. Enumerable.Range(0, rows.Count)];
        }

        var count = ByRow ? rows.Count : resolved.Model.Config.NLayers;
        List<int> chosen = [];
        foreach (var layer in layers)
        {
            var index = Patching.Indices.Resolve(layer, count, ByRow ? "row" : "layer");
            var row = ByRow ? index : rows.ToList().FindIndex(r => r.Layer == index);
            chosen.Add(row >= 0 ? row : throw new SweepInputException($"Layer {index} has no site '{places.Site}'; layers {string.Join(", ", rows.Select(r => r.Layer))} have."));
        }

        return Patching.Indices.Checked(chosen, "Layers");
    }

    /// <summary>One axis of the result.</summary>
    public SweepAxis Read(Axis axis)
    {
        if (axis == Axis.Layer)
        {
            var chosen = LayerRows();
            return new("layer", [.. chosen.Select(r => rows[r].Label)], chosen);
        }

        var point = rows[0].Point;
        var at = point.Axes.IndexOf(axis);
        if (at < 1)
        {
            throw new SweepInputException($"Cannot sweep '{axis}' at {point}: the site has no such axis. It has layer, {string.Join(", ", point.Axes.Names.Skip(1))}.");
        }

        var name = point.Axes.Names[at];
        var indices = Indices(name, Size(name), SubsetOf(name)) ?? [.. Enumerable.Range(0, Size(name))];
        return new(name, [.. indices.Select(i => Label(name, i))], indices);
    }

    /// <summary>The choices on axes of the site, swept or not.</summary>
    public IEnumerable<(Axis Axis, int[] Indices)> Chosen()
    {
        var names = rows[0].Point.Axes.Names.Skip(1).ToList();
        foreach (var (what, subset, fits) in new (string, IReadOnlyList<int>?, Func<string, bool>)[]
        {
            ("Positions", places.Positions, n => n is "pos" or "query_pos"),
            ("Heads", places.Heads, n => n is "head" or "kv_head"),
            ("Sources", places.Sources, n => n == "key_pos"),
            ("Neurons", places.Neurons, n => n == "d_mlp"),
        })
        {
            if (subset is null)
            {
                continue;
            }

            var name = names.Find(n => fits(n)) ?? throw new SweepInputException($"{what} chooses indices of an axis that {rows[0].Point} does not have. Leave it out, or take another site.");
            yield return (new(name), Indices(name, Size(name), subset)!);
        }
    }

    private IReadOnlyList<int>? SubsetOf(string name) => name switch
    {
        "pos" or "query_pos" => places.Positions,
        "key_pos" => places.Sources,
        "head" or "kv_head" => places.Heads,
        "d_mlp" => places.Neurons,
        _ => null,
    };

    private int Size(string name)
    {
        if (name is not ("pos" or "query_pos" or "key_pos"))
        {
            return rows[0].Point.Sizes.TryGetValue(name, out var size)
                ? (int)size
                : throw new SweepInputException($"Cannot sweep '{name}' at {rows[0].Point}: its size is not known before a run.");
        }

        var lengths = resolved.Into.Select(t => t.Length).Distinct().ToList();
        return lengths.Count == 1
            ? lengths[0]
            : throw new SweepInputException($"Positions of prompts of different lengths ({lengths.Min()} to {lengths.Max()} tokens) do not correspond to each other. Take prompts of one length, or leave positions out of Over and Positions.");
    }

    private static int[]? Indices(string name, int size, IReadOnlyList<int>? subset) =>
        subset is null ? null : Patching.Indices.Resolve(subset, size, name, name);

    private string Label(string name, int index) => name switch
    {
        "pos" or "query_pos" or "key_pos" => TokenAt(index) is { } token ? $"(pos {index}) {token}" : $"(pos {index})",
        "head" => $"H{index}",
        "kv_head" => $"KV{index}",
        "d_mlp" => $"N{index}",
        "expert" => $"E{index}",
        _ => $"{name} {index}",
    };

    private string? TokenAt(int position)
    {
        var clean = resolved.Sweep.Direction == Direction.Noising ? resolved.Into : resolved.From;
        return clean.Select(t => t[position]).Distinct().Count() == 1 ? PromptTokens.Label(resolved.Model, clean[0][position]) : null;
    }
}
