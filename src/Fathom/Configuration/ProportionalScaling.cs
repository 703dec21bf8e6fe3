namespace Fathom.Configuration;

/// <summary>Only the first pairs turn; the others have frequency zero, while exponents count the whole head (Gemma-4).</summary>
/// <param name="Pairs">The number of pairs that turn.</param>
public sealed record ProportionalScaling(int Pairs) : RotaryScaling;
