using System.Text;

namespace Fathom.Tokenization.Unicode;

/// <summary>What counts as part of a word, and as white space, next to an added token.</summary>
internal static class WordCharacters
{
    /// <summary>Whether a text ends with a word character.</summary>
    public static bool Ends(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    /// <summary>Whether a text begins with a word character.</summary>
    public static bool Begins(ReadOnlySpan<char> text) =>
        text.Length > 0 && Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => UnicodeData.Word.Contains(rune.Value);
}
