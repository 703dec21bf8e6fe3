using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts by GPT-2's pattern (if asked to) and spells every byte as a printable character.</summary>
/// <param name="addPrefixSpace">Puts a space before a text that does not begin with one.</param>
/// <param name="useRegex">Whether it cuts at all.</param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    /// <summary>Whether a space is put before a text that does not begin with one.</summary>
    public bool AddPrefixSpace { get; } = addPrefixSpace;

    /// <summary>Whether it cuts at all.</summary>
    public bool UseRegex { get; } = useRegex;

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output) =>
        throw new TokenizationException("ByteLevel", "this combination is not read yet.");
}
