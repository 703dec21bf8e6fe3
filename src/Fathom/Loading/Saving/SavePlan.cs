using Fathom.Architectures;
using Fathom.Components;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>Decides which tensors a folder must hold so that reading it gives this model, or that no folder would.</summary>
internal sealed class SavePlan
{
    private readonly HookedModel _model;
    private readonly Architecture _architecture;
    private readonly ModelOrigin _origin;
    private readonly SaveOptions _options;
    private readonly Dictionary<string, double> _offsets;
    private readonly IReadOnlyList<(WeightRule Rule, IReadOnlyList<Weight> Targets, string? NameInFile)> _rules;
    private readonly Dictionary<string, string> _placed = [];
    private readonly HashSet<string> _repeated = [];
    private readonly List<PlannedTensor> _tensors = [];

    /// <summary>Makes the plan.</summary>
    /// <param name="model">The model.</param>
    /// <param name="architecture">Its family.</param>
    /// <param name="origin">The files it was read from.</param>
    /// <param name="options">Which types to write.</param>
    /// <exception cref="UnsavableModelException">A weight has no place in the architecture's files.</exception>
    public SavePlan(HookedModel model, Architecture architecture, ModelOrigin origin, SaveOptions options)
    {
        (_model, _architecture, _origin, _options, _offsets) = (model, architecture, origin, options, ModelLoader.GainOffsets(model));
        _rules = [.. StoredRules.Of(model, architecture).Select(r => (r.Rule, r.Targets, NameInFile(r.Rule)))];
        SkipSharedBlocks();
        SkipRepeatedEmbedding();
        foreach (var (rule, targets, name) in _rules.Where(r => r.NameInFile is not null))
        {
            Place(rule, targets, name!);
        }

        // A weight that the file did not have goes where the table looks first.
        foreach (var (rule, targets, _) in _rules.Where(r => r.NameInFile is null && r.Targets.All(t => t.IsBound && !IsDone(t))))
        {
            Place(rule, targets, Usual(rule.Theirs));
        }

        RequireAllPlaced();
    }

    /// <summary>What to write, in the order of the table.</summary>
    public IReadOnlyList<PlannedTensor> Tensors => _tensors;

    /// <summary>What the model's own file held besides: buffers, repetitions, parts that are not computed.</summary>
    public IReadOnlyList<string> LeftOut => [.. _origin.Tensors.Keys.Except(_tensors.SelectMany(t => t.Names)).Order(StringComparer.Ordinal)];

    /// <summary>Whether embedding and unembedding hold different numbers although the config ties them.</summary>
    public bool Unties { get; private set; }

    /// <summary>How many tensors cannot have the type of the file, because loading rounded them.</summary>
    public int Rounded { get; private set; }

    /// <summary>The type of most numbers that are written.</summary>
    public torch.ScalarType MainType => _tensors.GroupBy(t => t.Type).MaxBy(g => g.Sum(t => t.Targets.Sum(w => w.Count)))!.Key;

    private bool IsDone(Weight weight) => _placed.ContainsKey(weight.Name) || _repeated.Contains(weight.Name);

    private void Place(WeightRule rule, IReadOnlyList<Weight> targets, string name)
    {
        if (targets.All(t => _repeated.Contains(t.Name)))
        {
            return;
        }

        if (targets.FirstOrDefault(t => !t.IsBound) is { } unbound)
        {
            throw Unsavable($"'{name}' is made of {rule.Ours}, and {unbound.Name} holds nothing. Load the model again", unbound);
        }

        if (targets.FirstOrDefault(t => _placed.ContainsKey(t.Name)) is { } twice)
        {
            throw Unsavable($"both '{_placed[twice.Name]}' and '{name}' would hold {twice.Name}, and one of them would be wrong after a change", twice);
        }

        foreach (var target in targets)
        {
            _placed.Add(target.Name, name);
        }

        _tensors.Add(new(name, rule, targets) { Type = TypeOf(targets[0], name), GainOffsets = _offsets });
    }

    /// <summary>The name that the model's own file had, with <c>{e}</c> for experts; <see langword="null"/> if it had no such tensor.</summary>
    private string? NameInFile(WeightRule rule) => new[] { rule.Theirs }.Concat(rule.Otherwise)
        .SelectMany(n => WeightBinder.Spellings(_architecture, n))
        .FirstOrDefault(n => _origin.Tensors.ContainsKey(n.Replace("{e}", "0", StringComparison.Ordinal)));

    /// <summary>The table's name, without the prefix if the model's own file left it out.</summary>
    private string Usual(string theirs) =>
        _architecture.BasePrefix is { Length: > 0 } prefix && theirs.StartsWith(prefix, StringComparison.Ordinal) && !_origin.Tensors.Keys.Any(n => n.StartsWith(prefix, StringComparison.Ordinal))
            ? theirs[prefix.Length..]
            : theirs;

    private torch.ScalarType TypeOf(Weight weight, string name)
    {
        if (_options.DType is { } asked)
        {
            return weight.Kept(asked);
        }

        var held = _offsets.ContainsKey(weight.Name) ? weight.Kept(_model.DType) : weight.Value.dtype;
        if (!_options.AsStored || !_origin.Tensors.TryGetValue(name.Replace("{e}", "0", StringComparison.Ordinal), out var stored) || stored == held)
        {
            return held;
        }

        // Bits that the model has not are not made up: what was rounded in loading is written as it is held.
        var isNarrower = Bits(stored) < Bits(held);
        Rounded += isNarrower ? 0 : 1;
        return isNarrower ? stored : held;
    }

    private static int Bits(torch.ScalarType type) => type switch { torch.ScalarType.Float64 => 64, torch.ScalarType.Float32 => 32, _ => 16 };

    /// <summary>Blocks that use an earlier block's weights are not in the file.</summary>
    private void SkipSharedBlocks()
    {
        foreach (var weight in _model.Weights.Where(w => w.TiedTo is { } owner && owner.Axes.Names.SequenceEqual(w.Axes.Names)))
        {
            if (!weight.Value.Equals(weight.TiedTo!.Value))
            {
                throw Unsavable($"{weight.Name} and {weight.TiedTo!.Name} are one weight in the files of {_architecture.Ids[0]}, and hold different numbers now. Give both the same", weight);
            }

            _repeated.Add(weight.Name);
        }
    }

    /// <summary>Embedding and unembedding that are tied are written once, under the name that the model's own file had.</summary>
    private void SkipRepeatedEmbedding()
    {
        var (embed, unembed) = _model switch
        {
            StackedModel stacked => (stacked.WordVectors, stacked.Unembed?.WU),
            HookedEncoderDecoder two => (two.Embed.WE, two.Unembed.WU),
            _ => (null, null),
        };
        if (embed is not { IsBound: true } || unembed is not { IsBound: true } || !StoredRules.ConfigOf(_model).TiedEmbeddings)
        {
            return;
        }

        using var transposed = embed.Value.transpose(0, 1);
        if (transposed.Equals(unembed.Value))
        {
            _repeated.Add((IsInFile(embed) || !IsInFile(unembed) ? unembed : embed).Name);
        }
        else
        {
            Unties = true;
        }
    }

    private bool IsInFile(Weight weight) => _rules.Any(r => r.NameInFile is not null && r.Targets.Contains(weight));

    private void RequireAllPlaced()
    {
        if (_model.Weights.Where(w => w.IsBound && !IsDone(w)).ToList() is { Count: > 0 } left)
        {
            throw Unsavable($"the files of {_architecture.Ids[0]} have no tensor for {string.Join(", ", left.Take(4).Select(w => w.Name))}{(left.Count > 4 ? $" and {left.Count - 4} more" : "")}", [.. left]);
        }
    }

    private UnsavableModelException Unsavable(string reason, params Weight[] weights) =>
        new($"{_model.Source.Name} cannot be written as {_architecture.Ids[0]}: {reason}; or save the weights by their own names with SaveStateDict.", [.. weights.Select(w => w.Name)]);
}
