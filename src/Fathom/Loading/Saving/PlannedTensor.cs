using System.Globalization;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Loading.Checkpoints;

namespace Fathom.Loading.Saving;

/// <summary>A tensor of the file to write, or one for each expert, and the weights it is made of.</summary>
/// <param name="Name">Its name in the file, with <c>{e}</c> where experts lie one by one.</param>
/// <param name="Rule">The row of the table, of one layer.</param>
/// <param name="Targets">The weights that the row fills.</param>
internal sealed record PlannedTensor(string Name, WeightRule Rule, IReadOnlyList<Weight> Targets)
{
    private const string Expert = "{e}";

    /// <summary>The type it is written in.</summary>
    public required torch.ScalarType Type { get; init; }

    /// <summary>The constants that norms add to their stored gains, by weight name.</summary>
    public required IReadOnlyDictionary<string, double> GainOffsets { get; init; }

    /// <summary>Its names in the file: one, or one for each expert.</summary>
    public IEnumerable<string> Names => !Name.Contains(Expert, StringComparison.Ordinal) ? [Name] : Enumerable.Range(0, (int)RuleInverse.Shape(Rule, Targets)[0]).Select(At);

    /// <summary>What a writer needs: names, types and shapes, and the numbers when their turn comes.</summary>
    public IEnumerable<TensorToWrite> ToWrite()
    {
        var shape = RuleInverse.Shape(Rule, Targets);
        return !Name.Contains(Expert, StringComparison.Ordinal)
            ? [new(Name, Type, shape, () => Numbers(null))]
            : Enumerable.Range(0, (int)shape[0]).Select(e => new TensorToWrite(At(e), Type, [.. shape.Skip(1)], () => Numbers(e)));
    }

    /// <summary>The same tensor, told of when its turn comes.</summary>
    public static TensorToWrite Reported(TensorToWrite tensor, IProgress<string>? progress) => progress is null ? tensor : tensor with
    {
        Open = () =>
        {
            progress.Report($"Writing {tensor.Name}");
            return tensor.Open();
        },
    };

    private string At(int expert) => Name.Replace(Expert, expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private Tensor Numbers(int? expert)
    {
        var stored = RuleInverse.Apply(Rule, Targets, [.. Targets.Select(t => StoredNumbers.Of(t, GainOffsets.GetValueOrDefault(t.Name)))]);
        return StoredNumbers.As(expert is { } e ? stored.select(0, e) : stored, Type, expert is { } at ? At(at) : Name);
    }
}
