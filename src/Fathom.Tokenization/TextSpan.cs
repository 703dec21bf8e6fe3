namespace Fathom.Tokenization;

/// <summary>A half-open range <c>[Start, End)</c> of a text; the member that returns it says in which unit.</summary>
/// <param name="Start">First position inside.</param>
/// <param name="End">First position after.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>How many positions lie inside.</summary>
    public int Length => End - Start;
}
