using System.Text.Json;

namespace Fathom.Tokenization.Decoders;

/// <summary>Turns tokens back into text.</summary>
internal abstract class Decoder
{
    /// <summary>Rewrites a row of tokens; what is left is joined without anything between.</summary>
    public abstract List<string> Apply(List<string> tokens);

    /// <summary>Writes the step as <c>tokenizer.json</c> has it.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
