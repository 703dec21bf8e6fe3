using System.IO.Compression;

namespace Fathom.Tokenization.Unicode;

/// <summary>The tables that tokenizers depend on, each in the Unicode version of the component that uses it.</summary>
/// <remarks>Made by <c>eng/unicode/make-tables.py</c>; nothing here depends on the platform or on the runtime's own data.</remarks>
internal static class UnicodeData
{
    static UnicodeData()
    {
        using var packed = typeof(UnicodeData).Assembly.GetManifestResourceStream("Fathom.Tokenization.Unicode.tables.br")!;
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        brotli.CopyTo(memory);
        var reader = new TableReader(memory.ToArray());
        Category = reader.Table();
        PatternWord = reader.Set();
        Han = reader.Set();
        Word = reader.Set();
        Punctuation = reader.Set();
        Numeric = reader.Set();
        CombiningMark = reader.Set();
        BertControl = reader.Set();
        BertMark = reader.Set();
        Script = reader.Table();
        CombiningClass = reader.Table();
        Canonical = reader.Map();
        Compatible = reader.Map();
        Pairs = reader.Map();
        Lowercase = reader.Map();
    }

    /// <summary>General category, Unicode 16, numbered as <see cref="System.Globalization.UnicodeCategory"/>.</summary>
    public static ByteTable Category { get; }

    /// <summary><c>\w</c> of patterns.</summary>
    public static ScalarSet PatternWord { get; }

    /// <summary><c>\p{Han}</c>.</summary>
    public static ScalarSet Han { get; }

    /// <summary><c>\w</c> of the Whitespace pre-tokenizer and of added tokens, Unicode 16 with the two joiners.</summary>
    public static ScalarSet Word { get; }

    /// <summary>Punctuation of BERT and of the Punctuation pre-tokenizer, Unicode 8 with all of ASCII's.</summary>
    public static ScalarSet Punctuation { get; }

    /// <summary>Numbers of the Digits pre-tokenizer, Unicode 17.</summary>
    public static ScalarSet Numeric { get; }

    /// <summary>What StripAccents drops, Unicode 9.</summary>
    public static ScalarSet CombiningMark { get; }

    /// <summary>What BERT's text cleaning drops, Unicode 8.</summary>
    public static ScalarSet BertControl { get; }

    /// <summary>What BERT's accent removal drops, Unicode 8.</summary>
    public static ScalarSet BertMark { get; }

    /// <summary>Scripts of the UnicodeScripts pre-tokenizer; 0 fits every script.</summary>
    public static ByteTable Script { get; }

    /// <summary>Canonical combining class, Unicode 9.</summary>
    public static ByteTable CombiningClass { get; }

    /// <summary>Full canonical decompositions, Unicode 9, without Hangul syllables.</summary>
    public static ScalarMap Canonical { get; }

    /// <summary>Full compatibility decompositions where they differ from the canonical ones.</summary>
    public static ScalarMap Compatible { get; }

    /// <summary>Composed scalars with the pair that composes to each.</summary>
    public static ScalarMap Pairs { get; }

    /// <summary>Lower case, Unicode 17, one character at a time.</summary>
    public static ScalarMap Lowercase { get; }

    /// <summary>White space: the property White_Space.</summary>
    public static bool IsSpace(int c) => c is (>= 9 and <= 13) or 0x20 or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A)
        or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;
}
