namespace Fathom.Verification;

/// <summary>One tensor of a reference dump, compared.</summary>
/// <param name="Name">Its name in the dump.</param>
/// <param name="Against">What it was compared with: a hook point, an output of the model, or <c>input</c> for what the model was given.</param>
/// <param name="Count">The number of values compared.</param>
/// <param name="MaxDifference">The largest absolute difference, in the tensor's own units; for ids the number that differ.</param>
/// <param name="Tolerance">The largest difference accepted.</param>
public sealed record VerifiedTensor(string Name, string Against, long Count, double MaxDifference, double Tolerance)
{
    /// <summary>Whether the difference is within the tolerance. A difference that is no number is not.</summary>
    public bool Passed => MaxDifference <= Tolerance;
}
