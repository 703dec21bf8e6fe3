using System.Globalization;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Loading.Checkpoints;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Binds a checkpoint to a model, tensor by tensor: every parameter exactly once, every tensor accounted for.</summary>
internal sealed class WeightBinder(Checkpoint checkpoint, Architecture architecture, torch.ScalarType dtype, torch.Device device)
{
    private readonly RowFilling _rows = new(checkpoint, dtype, device);
    private readonly HashSet<string> _unused = [.. checkpoint.Tensors.Keys];
    private readonly Dictionary<string, string> _expected = [];
    private readonly List<string> _notes = [];

    /// <summary>Sentences about what was decided.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Binds every rule of the table.</summary>
    /// <param name="weights">The model's slots.</param>
    /// <param name="rules">The table.</param>
    /// <param name="layers">The layers that <c>{i}</c> runs over.</param>
    public void Bind(IReadOnlyList<Weight> weights, IReadOnlyList<WeightRule> rules, IEnumerable<int> layers)
    {
        var slots = weights.ToDictionary(w => w.Name);
        foreach (var rule in rules.SelectMany(r => Expand(r, layers)))
        {
            using var scope = torch.NewDisposeScope();
            Bind(rule, slots);
        }
    }

    /// <summary>Whether the config ties embedding and unembedding, and the file holds different numbers for them.</summary>
    public bool HeadStoredApart { get; private set; }

    /// <summary>Ties or unties embedding and unembedding as config and file say.</summary>
    /// <param name="embed">The embedding.</param>
    /// <param name="unembed">The unembedding.</param>
    /// <param name="tied">Whether the config ties them.</param>
    public void Tie(Weight embed, Weight unembed, bool tied)
    {
        if (!tied)
        {
            return;
        }

        if (embed.IsBound && !unembed.IsBound)
        {
            // As most tied models are stored: nothing that a reader of notes should know.
            unembed.Tie(embed);
        }
        else if (!embed.IsBound && unembed.IsBound)
        {
            using var transposed = unembed.Value.transpose(0, 1).contiguous();
            embed.Bind(transposed, unembed.Source, copy: true);
            unembed.Tie(embed);
            _notes.Add($"{embed.Name} is {unembed.Name} transposed: the config ties them and the file holds one ('{unembed.Source}').");
        }
        else if (embed.IsBound && unembed.IsBound)
        {
            using var transposed = embed.Value.transpose(0, 1);
            if (transposed.Equals(unembed.Value))
            {
                unembed.Tie(embed);
                _notes.Add($"{unembed.Name} is {embed.Name} transposed: the config ties them and the file holds the same numbers twice.");
            }
            else
            {
                HeadStoredApart = true;
                _notes.Add($"{unembed.Name} and {embed.Name} are separate: the config ties them, but '{unembed.Source}' and '{embed.Source}' hold different numbers, and the file wins.");
            }
        }
    }

    /// <summary>Accepts tensors that repeat a bound weight, and fails if one of them holds other numbers.</summary>
    /// <param name="copies">Their names; those that the file lacks are passed over.</param>
    /// <param name="weight">The weight.</param>
    /// <exception cref="CheckpointMismatchException">A copy differs.</exception>
    public void RequireSame(IReadOnlyList<string> copies, Weight weight)
    {
        foreach (var name in copies.Select(Find).OfType<string>().Where(n => weight.IsBound && n != weight.Source))
        {
            using var scope = torch.NewDisposeScope();
            var copy = Take(name);
            if (!copy.shape.AsSpan().SequenceEqual([.. weight.Shape]) || !copy.to(weight.Value.dtype, weight.Value.device).Equals(weight.Value))
            {
                throw new CheckpointMismatchException(checkpoint.Source, $"'{name}' should repeat '{weight.Source}' and holds other numbers. Both stacks of {architecture.Ids[0]} read one embedding; which of the two is meant cannot be known. Save the model again, or remove the wrong one.", [], [name]);
            }

            _notes.Add($"'{name}' repeats '{weight.Source}', which is {weight.Name}.");
        }
    }

    /// <summary>Accepts a stored table of numbers that are computed here, and fails if it holds others.</summary>
    /// <param name="theirs">Its name; nothing happens if the file lacks it.</param>
    /// <param name="compute">Computes as many rows as asked for, <c>[rows, width]</c>.</param>
    /// <exception cref="CheckpointMismatchException">The table differs by more than 16 bits round.</exception>
    public void RequireTable(string theirs, Func<long, Tensor> compute)
    {
        if (Find(theirs) is not { } name)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var stored = Take(name);
        var made = stored.dim() == 2 ? compute(stored.shape[0]) : stored;
        if (stored.dim() != 2 || stored.shape[1] != made.shape[1] || !(stored.to(torch.float32).Minus(made).abs().max().item<float>() <= 1e-2))
        {
            throw new CheckpointMismatchException(checkpoint.Source, $"'{name}' should hold the sines and cosines of positions that {architecture.Ids[0]} has, and holds other numbers. Positions trained on top of them are not computed; check that config.json and the weights belong together.", [], [name]);
        }

        _notes.Add($"'{name}' holds the sines and cosines that are computed, and was left out.");
    }

    /// <summary>Fails unless every required slot is bound and every tensor was used or is known to be stale.</summary>
    /// <param name="weights">The model's slots.</param>
    /// <param name="hint">Added to the message about a missing parameter, by our name.</param>
    public void RequireComplete(IReadOnlyList<Weight> weights, Func<string, string?> hint)
    {
        var missing = weights.Where(w => !w.IsBound && (w.IsRequired || _expected.ContainsKey(w.Name) && !IsOptional(w))).ToList();
        var stale = _unused.Where(n => architecture.StaleTensors.Any(s => n.EndsWith(s, StringComparison.Ordinal) || (s.EndsWith('*') && n.Contains(s[..^1], StringComparison.Ordinal)))).ToList();
        _unused.ExceptWith(stale);
        if (stale.Count > 0)
        {
            _notes.Add($"{stale.Count} stale tensor{(stale.Count == 1 ? "" : "s")} left out: {string.Join(", ", stale.Order().Take(3))}{(stale.Count > 3 ? ", ..." : "")}.");
        }

        if (missing.Count == 0 && _unused.Count == 0)
        {
            return;
        }

        List<string> parts = [];
        if (missing.Count > 0)
        {
            var first = missing[0];
            var theirs = _expected.GetValueOrDefault(first.Name, first.Name);
            parts.Add($"{missing.Count} parameter{(missing.Count == 1 ? " has" : "s have")} no tensor, first {first.Name}, which '{theirs}' should fill.{Hooks.NearestNames.Clause(theirs, _unused.Count > 0 ? _unused : checkpoint.Tensors.Keys)}{hint(first.Name)}");
        }

        if (_unused.Count > 0)
        {
            parts.Add($"{_unused.Count} tensor{(_unused.Count == 1 ? " belongs" : "s belong")} to no parameter of {architecture.Ids[0]}: {string.Join(", ", _unused.Order().Take(4).Select(n => $"'{n}'"))}{(_unused.Count > 4 ? ", ..." : "")}.");
        }

        throw new CheckpointMismatchException(checkpoint.Source, $"{string.Join(" ", parts)} Nothing is guessed or initialised; check that config.json and the weights belong together.", [.. missing.Select(w => w.Name)], [.. _unused.Order()]);
    }

    /// <summary>Finds a tensor under the name of the table, with or without the base prefix, or under an old spelling.</summary>
    public string? Find(string theirs) => Spellings(architecture, theirs).FirstOrDefault(checkpoint.Tensors.ContainsKey);

    /// <summary>The names under which files may hold a tensor of the table, in the order they are looked for.</summary>
    internal static IEnumerable<string> Spellings(Architecture architecture, string theirs)
    {
        var prefix = architecture.BasePrefix;
        string[] names = prefix.Length == 0 ? [theirs] : theirs.StartsWith(prefix, StringComparison.Ordinal) ? [theirs, theirs[prefix.Length..]] : [theirs, prefix + theirs];
        return names.Concat(names.Select(OldSpelling));
    }

    private static string OldSpelling(string name) => name
        .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
        .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);

    private static bool IsOptional(Weight weight) => !weight.IsRequired && !weight.Name.EndsWith(".w", StringComparison.Ordinal) && !weight.Name.EndsWith(".b", StringComparison.Ordinal);

    /// <summary>The rule once for each layer.</summary>
    internal static IEnumerable<WeightRule> Expand(WeightRule rule, IEnumerable<int> layers) => !rule.Ours.Contains("{i}", StringComparison.Ordinal)
        ? [rule]
        : layers.Select(i => rule with { Ours = At(rule.Ours, i), Theirs = At(rule.Theirs, i), Otherwise = [.. rule.Otherwise.Select(o => At(o, i))] });

    private static string At(string name, int i) => name.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private void Bind(WeightRule rule, Dictionary<string, Weight> slots)
    {
        var names = rule.Ours.Split(", ");
        if (!names.Any(slots.ContainsKey))
        {
            return;
        }

        foreach (var ours in rule.IsOptional ? [] : names)
        {
            _expected.TryAdd(ours, rule.Theirs);
        }

        Weight[] targets = [.. names.Select(n => slots.TryGetValue(n, out var w) ? w : throw new InvalidOperationException($"The table of {architecture.Ids[0]} fills {n}, which the model does not have, from the same tensor as {names.First(slots.ContainsKey)}."))];
        if (targets is [{ Axes.Names: ["expert", ..] } stacked] && rule.Theirs.Contains("{e}", StringComparison.Ordinal) && rule.Rearrange is { } whole)
        {
            FillExperts(stacked, rule.Theirs, whole.Replace("expert ", "", StringComparison.Ordinal));
            return;
        }

        var sizes = Sizes(targets);
        foreach (var (axis, size) in rule.Sizes)
        {
            sizes[axis] = size;
        }

        if (targets is [var single] && GainOffset(single) == 0 && !rule.Theirs.Contains("{e}", StringComparison.Ordinal) && Named(rule) is { } name && _rows.TryFill(name, single, rule, sizes))
        {
            _unused.Remove(name);
            return;
        }

        var (tensor, source) = Load(rule, targets);
        if (tensor is null)
        {
            return;
        }

        tensor = rule.Rearrange is { } pattern && (rule.Slices.Count == 0 || pattern.Length > 0) ? Arrange(tensor, pattern, sizes, source) : tensor;
        var offset = 0L;
        for (var t = 0; t < targets.Length; t++)
        {
            var part = targets.Length == 1 && rule.Slices.Count == 0 ? tensor
                : rule.Slices.Count == 0 ? tensor.select(0, t)
                : Slice(tensor, rule, t, targets[t], ref offset, source);
            Fill(targets[t], part, source, targets.Length > 1);
        }

        if (rule.Slices.Count > 0 && offset != tensor.shape[rule.SliceAxis])
        {
            throw new CheckpointMismatchException(checkpoint.Source, $"'{source}' has {tensor.shape[rule.SliceAxis]} entries along axis {rule.SliceAxis}; {rule.Ours} together take {offset}. The head counts or widths in the config do not fit the file.", [], []);
        }
    }

    /// <summary>Fills a weight that stacks what the file holds expert by expert: one of them is in memory beside it at a time.</summary>
    private void FillExperts(Weight target, string theirs, string pattern)
    {
        List<string> asked = [.. Enumerable.Range(0, (int)target.Shape[0]).Select(e => theirs.Replace("{e}", e.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
        var names = asked.Select(Find).OfType<string>().ToList();
        if (names.Count < asked.Count)
        {
            _expected[target.Name] = names.Count == 0 ? _expected.GetValueOrDefault(target.Name, theirs) : asked.First(n => Find(n) is null);
            return;
        }

        var stacked = torch.empty([.. target.Shape], target.Kept(dtype), device);
        foreach (var (e, name) in names.Index())
        {
            using var scope = torch.NewDisposeScope();
            stacked.select(0, e).copy_(Arrange(Take(name), pattern, Sizes([target]), name));
        }

        target.Bind(stacked, theirs);
    }

    private (Tensor? Tensor, string Source) Load(WeightRule rule, Weight[] targets)
    {
        if (rule.Theirs.Contains("{e}", StringComparison.Ordinal))
        {
            var experts = (int)targets[0].Shape[Math.Max(0, targets[0].Axes.Names.ToList().IndexOf("expert"))];
            var names = Enumerable.Range(0, experts).Select(e => Find(rule.Theirs.Replace("{e}", e.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))).ToList();
            return names.Contains(null) ? (null, rule.Theirs) : (torch.stack([.. names.Select(n => Take(n!))]), rule.Theirs);
        }

        var name = Named(rule);
        return name is null ? (null, rule.Theirs) : (Take(name), name);
    }

    private string? Named(WeightRule rule) => new[] { rule.Theirs }.Concat(rule.Otherwise).Select(Find).FirstOrDefault(n => n is not null);

    private Tensor Take(string name)
    {
        _unused.Remove(name);
        var tensor = checkpoint.Read(name);
        torch.CurrentDisposeScope?.Attach(tensor);
        return tensor;
    }

    private void Fill(Weight target, Tensor value, string source, bool isSlice)
    {
        var offset = GainOffset(target);
        var kept = offset == 0 || dtype == torch.ScalarType.Float64 ? target.Kept(dtype) : torch.ScalarType.Float32;
        // The stored gain is a number of the model's type, whatever the file's; only the sum needs more bits.
        var stored = offset == 0 || kept == dtype ? value : value.to(dtype);
        var converted = stored.dtype == kept && stored.device.type == device.type ? stored : stored.to(kept, device);
        target.Bind(offset == 0 ? converted : converted.Plus(offset), source, copy: isSlice && ReferenceEquals(converted, value));
        if (offset != 0)
        {
            target.RememberBeforeOffset(stored);
        }
    }

    /// <summary>The constant that a norm adds to its stored gain; kept in fp32, since 1 + w is not always a 16-bit number.</summary>
    private double GainOffset(Weight target) => GainOffsets.TryGetValue(target.Name, out var offset) ? offset : 0;

    /// <summary>The gains to which a constant is added, by weight name.</summary>
    public IReadOnlyDictionary<string, double> GainOffsets { get; init; } = new Dictionary<string, double>();

    private Tensor Slice(Tensor tensor, WeightRule rule, int t, Weight target, ref long offset, string source)
    {
        var sizes = Sizes([target]);
        var pattern = rule.Slices[t];
        var group = GroupAt(pattern, rule.SliceAxis);
        var length = group.Select(n => sizes.TryGetValue(n, out var s) ? s : throw new InvalidOperationException($"'{pattern}' slices along '{n}', whose size {target.Name} does not know.")).Aggregate(1L, (a, b) => a * b);
        if (offset + length > tensor.shape[rule.SliceAxis])
        {
            throw new CheckpointMismatchException(checkpoint.Source, $"'{source}' has {tensor.shape[rule.SliceAxis]} entries along axis {rule.SliceAxis}; {rule.Ours} take more. The head counts or widths in the config do not fit the file.", [], []);
        }

        var slice = tensor.narrow(rule.SliceAxis, offset, length);
        offset += length;
        return Arrange(slice, pattern, sizes, source);
    }

    private Tensor Arrange(Tensor tensor, string pattern, Dictionary<string, long> sizes, string source)
    {
        try
        {
            return Einops.Rearrange(tensor, pattern, sizes);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointMismatchException(checkpoint.Source, $"'{source}' of shape [{string.Join(", ", tensor.shape)}] does not fit the config: {e.Message}", [], [source]);
        }
    }

    private static List<string> GroupAt(string pattern, int axis)
    {
        List<List<string>> groups = [];
        var open = false;
        foreach (var token in pattern.Split(" -> ")[0].Replace("(", "( ", StringComparison.Ordinal).Replace(")", " )", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token is "(" or ")")
            {
                open = token == "(";
                groups.AddRange(open ? [[]] : []);
            }
            else if (open)
            {
                groups[^1].Add(token);
            }
            else
            {
                groups.Add([token]);
            }
        }

        return groups[axis];
    }

    /// <summary>The sizes of every axis that the weights know.</summary>
    internal static Dictionary<string, long> Sizes(IEnumerable<Weight> targets)
    {
        Dictionary<string, long> sizes = new() { ["one"] = 1 };
        foreach (var target in targets)
        {
            foreach (var (axis, size) in target.KnownSizes)
            {
                sizes[axis] = size;
            }
        }

        if (sizes.TryGetValue("head", out var heads) && sizes.TryGetValue("kv_head", out var keyHeads) && keyHeads > 0)
        {
            sizes["group"] = heads / keyHeads;
        }

        return sizes;
    }
}
