using System.Text.Json;
using Fathom.Tokenization.Patterns;

namespace Fathom.Tokenization.Files;

/// <summary>Reads <c>{"String": ...}</c> and <c>{"Regex": ...}</c>.</summary>
internal static class PatternJson
{
    /// <summary>Reads the pattern under a key.</summary>
    public static Pattern Read(JsonPart owner, string key)
    {
        var part = owner.Part(key);
        var literal = part.TextOrNull("String");
        var regex = part.TextOrNull("Regex");
        part.Finish();
        try
        {
            return (literal, regex) switch
            {
                ({ } text, null) => Pattern.Literal(text),
                (null, { } text) => new Pattern(text),
                _ => throw part.Error("expected either \"String\" or \"Regex\"."),
            };
        }
        catch (PatternSyntaxException error)
        {
            throw new TokenizerFormatException(part.File, part.Location, error.Message, error);
        }
    }

    /// <summary>What writes a pattern.</summary>
    public static Action<Utf8JsonWriter> Writing(Pattern pattern) => json =>
    {
        json.WriteStartObject();
        json.WriteString(pattern.IsLiteral ? "String" : "Regex", pattern.Text);
        json.WriteEndObject();
    };
}
