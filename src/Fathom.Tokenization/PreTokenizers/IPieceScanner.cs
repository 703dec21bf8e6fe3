namespace Fathom.Tokenization.PreTokenizers;

/// <summary>A hand-written reading of a well-known splitting pattern over UTF-16.</summary>
/// <remarks>Every scanner equals the general pattern engine on the pattern it names; tests compare them.</remarks>
internal interface IPieceScanner
{
    /// <summary>Where the piece that begins at <paramref name="start"/> ends.</summary>
    /// <param name="text">One segment of text; what lies outside does not exist for the pattern.</param>
    /// <param name="start">A position inside the text.</param>
    static abstract int Next(ReadOnlySpan<char> text, int start);
}
