using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts at matches of a pattern, or at what lies between them.</summary>
internal sealed class SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    /// <summary>The pattern.</summary>
    public Pattern Pattern { get; } = pattern;

    /// <summary>What becomes of the delimiters.</summary>
    public SplitBehavior Behavior { get; } = behavior;

    /// <summary>Whether the delimiters are what the pattern does not match.</summary>
    public bool Invert { get; } = invert;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Split", ("pattern", PatternJson.Writing(Pattern)), ("behavior", Behavior.ToString()), ("invert", Invert));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        var parts = Pattern.Cut(text.Scalars);
        if (Invert)
        {
            parts = parts.ConvertAll(part => part with { IsMatch = !part.IsMatch });
        }

        Cutting.Apply(text, parts, Behavior, output);
    }
}
