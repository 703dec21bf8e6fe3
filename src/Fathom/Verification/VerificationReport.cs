namespace Fathom.Verification;

/// <summary>What comparing a model with a reference dump found.</summary>
/// <param name="Tensors">Every tensor of the dump that was compared or given to the model, in the dump's order.</param>
/// <param name="Unknown">Names in the dump that mean nothing to this model; not empty means that the dump was not understood, so nothing passed.</param>
public sealed record VerificationReport(IReadOnlyList<VerifiedTensor> Tensors, IReadOnlyList<string> Unknown)
{
    /// <summary>Sentences about what the reference holds and this comparison leaves out, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether every tensor was understood and within its tolerance.</summary>
    public bool Passed => Unknown.Count == 0 && Tensors.Count > 0 && Tensors.All(t => t.Passed);

    /// <summary>The largest difference of all tensors that are compared by value.</summary>
    public double MaxDifference => Tensors.Max(t => t.MaxDifference);

    /// <summary>The tensors outside their tolerance, worst first.</summary>
    public IReadOnlyList<VerifiedTensor> Failures => [.. Tensors.Where(t => !t.Passed).OrderByDescending(t => double.IsNaN(t.MaxDifference) ? double.PositiveInfinity : t.MaxDifference)];

    /// <summary>One line: the verdict, and the worst tensor or the unknown names.</summary>
    public override string ToString() =>
        Unknown.Count > 0 ? $"{Unknown.Count} tensors of the dump mean nothing to this model: {string.Join(", ", Unknown.Take(5))}{(Unknown.Count > 5 ? ", ..." : "")}"
        : Failures.Count > 0 ? $"{Failures.Count} of {Tensors.Count} tensors differ: {string.Join("; ", Failures.Take(4).Select(f => $"{f.Name} by {f.MaxDifference:G3} ({f.Against})"))}"
        : $"{Tensors.Count} tensors agree; the largest difference is {MaxDifference:G3}";
}
