namespace Fathom.Tokenization.Tests.Issues;

/// <summary>"Dummy space: first word, word after a special token, word after a non-special added token, for every value of the file's prepend scheme and legacy flag."</summary>
public class DummySpaceTests
{
    private const string Text = "a<s>b<tool>c";

    private static readonly object Replace = new { type = "Replace", pattern = new { String = " " }, content = "\u2581" };
    private static readonly object Legacy = new { type = "Sequence", normalizers = new[] { new { type = "Prepend", prepend = "\u2581" }, Replace } };

    [Theory]
    [InlineData("always", "_ a <s> _ b <tool> _ c")]
    [InlineData("first", "_ a <s> b <tool> c")]
    [InlineData("never", "a <s> b <tool> c")]
    public void Each_prepend_scheme_puts_it_where_it_says(string scheme, string tokens)
    {
        foreach (var split in new[] { true, false })
        {
            var tokenizer = Vocabularies.Read(Vocabularies.Metaspace(null, Metaspace(scheme, split)));
            Assert.Equal(tokens, Tokens(tokenizer, Text));
        }
    }

    [Fact]
    public void The_legacy_form_puts_it_before_every_segment()
    {
        var tokenizer = Vocabularies.Read(Vocabularies.Metaspace(Legacy, null));
        Assert.Equal("_ a <s> _ b <tool> _ c", Tokens(tokenizer, Text));
    }

    [Fact]
    public void A_text_that_begins_with_a_space_gets_another_in_the_legacy_form_only()
    {
        Assert.Equal("_ _ a", Tokens(Vocabularies.Read(Vocabularies.Metaspace(Legacy, null)), " a"));
        Assert.Equal("_ a", Tokens(Vocabularies.Read(Vocabularies.Metaspace(null, Metaspace("always", true))), " a"));
        Assert.Equal("_ a", Tokens(Vocabularies.Read(Vocabularies.Metaspace(null, Metaspace("first", true))), " a"));
        Assert.Equal("_ a", Tokens(Vocabularies.Read(Vocabularies.Metaspace(null, Metaspace("never", true))), " a"));
    }

    [Theory]
    [InlineData("always")]
    [InlineData("first")]
    [InlineData("never")]
    public void A_text_that_begins_with_a_special_token_has_its_first_word_behind_it(string scheme) => Assert.Equal(
        scheme == "always" ? "<s> _ a" : "<s> a",
        Tokens(Vocabularies.Read(Vocabularies.Metaspace(null, Metaspace(scheme, true))), "<s>a"));

    [Theory]
    [InlineData(SentencePieceStyle.Llama, "_ a b")]
    [InlineData(SentencePieceStyle.LlamaLegacy, "_ a b")]
    [InlineData(SentencePieceStyle.Gemma, "a b")]
    [InlineData(SentencePieceStyle.AsFile, "_ a b")]
    public void A_SentencePiece_model_follows_the_style_it_is_read_in(SentencePieceStyle style, string tokens)
    {
        var tokenizer = Tokenizer.FromSentencePiece(SentencePieceBytes(), "x", style);
        Assert.Equal(tokens, Tokens(tokenizer, "ab"));
    }

    [Theory]
    [InlineData(SentencePieceStyle.Llama, "_ a <s> b")]
    [InlineData(SentencePieceStyle.LlamaLegacy, "_ a <s> _ b")]
    public void The_legacy_flag_decides_about_a_word_after_a_special_token(SentencePieceStyle style, string tokens) =>
        Assert.Equal(tokens, Tokens(Tokenizer.FromSentencePiece(SentencePieceBytes(), "x", style), "a<s>b"));

    private static object Metaspace(string scheme, bool split) => new { type = "Metaspace", replacement = "\u2581", prepend_scheme = scheme, split };

    private static string Tokens(Tokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Encode(text, addSpecialTokens: false).Tokens).Replace('\u2581', '_');

    private static byte[] SentencePieceBytes()
    {
        List<byte> bytes = [];
        foreach (var (text, type) in new[] { ("<unk>", 2), ("<s>", 3), ("</s>", 3), ("\u2581", 1), ("a", 1), ("b", 1) })
        {
            var name = System.Text.Encoding.UTF8.GetBytes(text);
            byte[] piece = [0x0A, (byte)name.Length, .. name, 0x15, 0, 0, 0, 0, 0x18, (byte)type];
            bytes.AddRange([0x0A, (byte)piece.Length, .. piece]);
        }
        return [.. bytes, 0x12, 0x02, 0x18, 0x02];
    }
}
