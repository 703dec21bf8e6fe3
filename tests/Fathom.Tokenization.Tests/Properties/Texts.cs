using CsCheck;

namespace Fathom.Tokenization.Tests.Properties;

/// <summary>Random texts made of what tokenizers stumble over, and how many of them a run tries.</summary>
internal static class Texts
{
    private static readonly string[] Parts =
    [
        " ", "  ", "   ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028", "a", "b", "Hello", " world", "the", "'s", "'S", "'ſ", "'re", "'LL", "'", "\u2019s",
        "0", "12", "345", "6789", "½", "²", "Ⅷ", "٣", "𝟙", "é", "e\u0301", "\u0323", "ß", "ﬁ", "Å", "日本", "語", "こん", "한국", "\u1112\u1161\u11AB", "😀", "👩‍👩‍👧", "𐐀", "𝒜",
        ".", "...", "!", "\"", "(", ")", "/", "//", "_", "-", "\u200D", "\u200B", "\uFEFF", "\0", "\u0085", "<|endoftext|>", "<s>", "▁", "Ġ", "##", "A", "ÀB",
    ];

    /// <summary>How many cases: few on a developer's machine, all of them in CI.</summary>
    public static long Count(long inCi) => Environment.GetEnvironmentVariable("CI") == "true" ? inCi : Math.Max(500, inCi / 50);

    /// <summary>Texts of well-known stumbling blocks and arbitrary scalars.</summary>
    public static Gen<string> Any { get; } = Gen.Frequency(
        (6, Gen.Int[0, Parts.Length - 1].Select(i => Parts[i])),
        (1, Gen.Int[0, 0x10F7FF].Select(i => char.ConvertFromUtf32(i >= 0xD800 ? i + 0x800 : i)))).Array[0, 24].Select(string.Concat);
}
