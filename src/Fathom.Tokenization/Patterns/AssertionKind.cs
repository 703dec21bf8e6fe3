namespace Fathom.Tokenization.Patterns;

/// <summary>A condition on a place in the text.</summary>
internal enum AssertionKind
{
    /// <summary><c>\A</c></summary>
    TextStart,

    /// <summary><c>\z</c></summary>
    TextEnd,

    /// <summary><c>\Z</c>: the end, or before a line feed that ends the text.</summary>
    TextEndOrLineFeed,

    /// <summary><c>^</c></summary>
    LineStart,

    /// <summary><c>$</c></summary>
    LineEnd,

    /// <summary><c>\b</c></summary>
    WordEdge,

    /// <summary><c>\B</c></summary>
    NoWordEdge,
}
