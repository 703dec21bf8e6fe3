using System.Globalization;

namespace Fathom.Tokenization.Verification;

/// <summary>How far a tokenizer agrees with a golden file.</summary>
/// <param name="GoldenFile">The file it was compared with.</param>
/// <param name="Cases">How many cases were compared.</param>
/// <param name="Mismatches">How many of them differ.</param>
/// <param name="First">The first differences, each in a few lines that people can read.</param>
public sealed record TokenizerReport(string GoldenFile, int Cases, int Mismatches, IReadOnlyList<string> First)
{
    /// <summary>Whether everything agrees, and something was compared.</summary>
    public bool Agrees => Mismatches == 0 && Cases > 0;

    /// <summary>One line for the count, then the first differences.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        First.Prepend(string.Create(CultureInfo.InvariantCulture, $"{GoldenFile}: {Mismatches} of {Cases} cases differ")));
}
