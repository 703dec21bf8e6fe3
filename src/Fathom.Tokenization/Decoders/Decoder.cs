namespace Fathom.Tokenization.Decoders;

/// <summary>Turns tokens back into text.</summary>
internal abstract class Decoder
{
    /// <summary>Rewrites a row of tokens; what is left is joined without anything between.</summary>
    public abstract List<string> Apply(List<string> tokens);
}
