namespace Fathom.Tokenization.PreTokenizers;

/// <summary>English contractions: <c>'s 't 're 've 'm 'll 'd</c>.</summary>
internal static class ContractionScan
{
    /// <summary>How many units of the contraction follow the apostrophe, 0 for none; small letters only.</summary>
    public static int Exact(ReadOnlySpan<char> rest) => rest.Length == 0 ? 0 : rest[0] switch
    {
        's' or 't' or 'm' or 'd' => 1,
        'r' or 'v' when rest.Length > 1 && rest[1] == 'e' => 2,
        'l' when rest.Length > 1 && rest[1] == 'l' => 2,
        _ => 0,
    };

    /// <summary>The same in any case; U+017F is an s there.</summary>
    public static int AnyCase(ReadOnlySpan<char> rest) => rest.Length == 0 ? 0 : rest[0] switch
    {
        's' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D' => 1,
        'r' or 'R' or 'v' or 'V' when rest.Length > 1 && rest[1] is 'e' or 'E' => 2,
        'l' or 'L' when rest.Length > 1 && rest[1] is 'l' or 'L' => 2,
        _ => 0,
    };
}
