using System.Globalization;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Loading.Saving;

/// <summary>Puts a state dict into a model: every name and shape is checked before the first number changes.</summary>
internal sealed class StateDictReader(HookedModel model, Checkpoint file)
{
    private readonly List<(Weight Weight, WeightRule Form)> _found = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _misshaped = [];
    private readonly List<string> _notes = [];

    /// <summary>Reads the file into the model.</summary>
    /// <returns>Sentences about what was left out.</returns>
    /// <exception cref="CheckpointMismatchException">A name is missing or unknown, or a shape differs; the model is as it was.</exception>
    public IReadOnlyList<string> Read()
    {
        HashSet<string> unknown = [.. file.Tensors.Keys];
        foreach (var weight in model.Weights)
        {
            Match(weight, unknown);
        }

        var buffers = unknown.RemoveWhere(n => StateDictNames.Buffers.Any(b => n.EndsWith("." + b, StringComparison.Ordinal)));
        if (buffers > 0)
        {
            _notes.Add($"{buffers} masks and tables were left out; they are computed.");
        }

        if (_missing.Count + _misshaped.Count + unknown.Count > 0)
        {
            throw Mismatch(unknown);
        }

        var (type, device) = model.Weights.Any(w => w.IsBound) ? (model.DType, model.Device) : (torch.ScalarType.Float32, torch.CPU);
        foreach (var (weight, form) in _found.OrderBy(f => f.Weight.TiedTo is not null))
        {
            using var scope = torch.NewDisposeScope();
            Bind(weight, Value(weight, form).to(weight.Kept(type), device));
        }

        return _notes;
    }

    private static IReadOnlyList<string> NamesOf(Weight weight, WeightRule form) => !form.Theirs.Contains("{e}", StringComparison.Ordinal)
        ? [form.Theirs]
        : [.. Enumerable.Range(0, (int)weight.Shape[0]).Select(e => form.Theirs.Replace("{e}", e.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];

    private void Match(Weight weight, HashSet<string> unknown)
    {
        var forms = StateDictNames.FormsOf(weight);
        var form = forms.FirstOrDefault(f => NamesOf(weight, f).Any(file.Tensors.ContainsKey)) ?? forms[0];
        var names = NamesOf(weight, form);
        var absent = names.Where(n => !file.Tensors.ContainsKey(n)).ToList();
        if (absent.Count == names.Count && !weight.IsRequired && !weight.IsBound)
        {
            return;
        }

        unknown.ExceptWith(names);
        _missing.AddRange(absent);
        var want = RuleInverse.Shape(form, [weight]).Skip(names.Count > 1 || names[0] != form.Theirs ? 1 : 0).ToList();
        _misshaped.AddRange(names.Except(absent).Where(n => !file.Tensors[n].Shape.SequenceEqual(want))
            .Select(n => $"'{n}' has shape [{string.Join(", ", file.Tensors[n].Shape)}], the model's has [{string.Join(", ", want)}]"));
        _misshaped.AddRange(names.Except(absent).Where(n => !IsReal(file.Tensors[n].Type)).Select(n => $"'{n}' holds {file.Tensors[n].Type.Label}, and weights are real numbers (unpack quantised ones first)"));
        _found.Add((weight, form));
    }

    private static bool IsReal(StoredType type) => type.ReadAs is torch.ScalarType.Float64 or torch.ScalarType.Float32 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16;

    private Tensor Value(Weight weight, WeightRule form)
    {
        var parts = NamesOf(weight, form).Select(n =>
        {
            var part = file.Read(n);
            torch.CurrentDisposeScope?.Attach(part);
            return part;
        }).ToList();
        var whole = form.Theirs.Contains("{e}", StringComparison.Ordinal) ? torch.stack(parts) : parts[0];
        return form.Rearrange is { } pattern ? Einops.Rearrange(whole, pattern, WeightBinder.Sizes([weight])) : whole;
    }

    private void Bind(Weight weight, Tensor value)
    {
        // A reference state dict holds biases of zeros where the architecture has none.
        if (!weight.IsBound && !weight.IsRequired && weight.Name[(weight.Name.LastIndexOf('.') + 1)..].StartsWith("b_", StringComparison.Ordinal) && value.count_nonzero().item<long>() == 0)
        {
            return;
        }

        if (weight.TiedTo is { } owner)
        {
            var isTransposed = !owner.Axes.Names.SequenceEqual(weight.Axes.Names);
            if ((isTransposed ? owner.Value.transpose(0, 1) : owner.Value).Equals(value))
            {
                if (isTransposed)
                {
                    weight.Tie(owner);
                }
                else
                {
                    weight.Share(owner);
                }

                return;
            }
        }

        weight.Bind(value, file.Source, copy: true);
    }

    private CheckpointMismatchException Mismatch(HashSet<string> unknown)
    {
        List<string> parts = [];
        if (_missing.Count > 0)
        {
            parts.Add($"{Counted(_missing.Count, "name is", "names are")} missing: {List(_missing)}.{Hooks.NearestNames.Clause(_missing[0], unknown)}");
        }

        if (unknown.Count > 0)
        {
            var names = unknown.Order(StringComparer.Ordinal).ToList();
            parts.Add($"{Counted(unknown.Count, "name belongs", "names belong")} to no weight of {model.Source.Name}: {List(names)}.{Hooks.NearestNames.Clause(names[0], model.Weights.SelectMany(w => StateDictNames.FormsOf(w).SelectMany(f => NamesOf(w, f))))}");
        }

        if (_misshaped.Count > 0)
        {
            parts.Add($"{string.Join("; ", _misshaped.Take(4))}{(_misshaped.Count > 4 ? $"; and {_misshaped.Count - 4} more" : "")}.");
        }

        var (theirs, ours) = (file.Metadata.GetValueOrDefault("processing"), model.Source.Processing);
        if (theirs is not null && theirs != ours)
        {
            parts.Add($"The file holds weights with processing '{theirs}', and the model has '{ours}': load the model with the same processing.");
        }

        return new(file.Source, $"{string.Join(" ", parts)} Nothing was changed.", _missing, [.. unknown.Order(StringComparer.Ordinal)]);
    }

    private static string Counted(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static string List(List<string> names) => $"{string.Join(", ", names.Take(4).Select(n => $"'{n}'"))}{(names.Count > 4 ? $" and {names.Count - 4} more" : "")}";
}
