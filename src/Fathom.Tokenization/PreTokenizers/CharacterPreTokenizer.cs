using System.Text;
using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts at every character of a kind: white space, punctuation, a delimiter.</summary>
internal sealed class CharacterPreTokenizer : PreTokenizer
{
    private readonly Func<int, bool> _isDelimiter;
    private readonly SplitBehavior _behavior;
    private readonly Action<Utf8JsonWriter> _write;

    private CharacterPreTokenizer(Func<int, bool> isDelimiter, SplitBehavior behavior, Action<Utf8JsonWriter> write) =>
        (_isDelimiter, _behavior, _write) = (isDelimiter, behavior, write);

    /// <summary>Cuts at white space and drops it.</summary>
    public static CharacterPreTokenizer AtSpace() => new(UnicodeData.IsSpace, SplitBehavior.Removed, json => json.WriteBlock("WhitespaceSplit"));

    /// <summary>Cuts at punctuation.</summary>
    public static CharacterPreTokenizer AtPunctuation(SplitBehavior behavior) =>
        new(UnicodeData.Punctuation.Contains, behavior, json => json.WriteBlock("Punctuation", ("behavior", behavior.ToString())));

    /// <summary>Cuts at a character and drops it.</summary>
    public static CharacterPreTokenizer At(int delimiter) =>
        new(scalar => scalar == delimiter, SplitBehavior.Removed, json => json.WriteBlock("CharDelimiterSplit", ("delimiter", new Rune(delimiter).ToString())));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output) =>
        Cutting.Apply(text, Cutting.At(text.Scalars, _isDelimiter), _behavior, output);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => _write(json);
}
