namespace Fathom.Tokenization.Verification;

/// <summary>Counts cases and keeps the first differences.</summary>
internal sealed class Differences
{
    private const int Kept = 10;
    private readonly List<string> _first = [];
    private int _cases;
    private int _mismatches;

    /// <summary>Counts a case; <paramref name="problem"/> is <see langword="null"/> if it agrees.</summary>
    public void Count(string? problem)
    {
        _cases++;
        if (problem is not null)
        {
            _mismatches++;
            if (_first.Count < Kept)
            {
                _first.Add(problem);
            }
        }
    }

    /// <summary>The finished report.</summary>
    public TokenizerReport ToReport(string goldenFile) => new(goldenFile, _cases, _mismatches, _first);
}
