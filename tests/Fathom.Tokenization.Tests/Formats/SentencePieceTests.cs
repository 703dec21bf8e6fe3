using System.Diagnostics;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Formats;

public class SentencePieceTests
{
    private static int Count => Environment.GetEnvironmentVariable("CI") == "true" ? 50_000 : 2_000;

    [Theory]
    [InlineData("t-bpe-spm-generic", SentencePieceStyle.AsFile, 0)]
    [InlineData("t-unigram-t5", SentencePieceStyle.T5, 10)]
    [InlineData("t-unigram-bytefallback", SentencePieceStyle.Llama, 0)]
    public void A_model_file_gives_the_tokens_of_the_tokenizer_json_made_from_it(string name, SentencePieceStyle style, int extraIds) =>
        IdsOf.AssertEqualReference(Tokenizer.FromSentencePiece(Model(name), name, style, extraIds), "trained-texts", name + "/golden.jsonl");

    [Fact]
    public void Roles_come_from_the_control_pieces()
    {
        var tokenizer = Tokenizer.FromSentencePiece(Model("t-unigram-bytefallback"), "x", SentencePieceStyle.LlamaLegacy);
        Assert.Equal(("<s>", "</s>", "<unk>", true), (tokenizer.BosToken, tokenizer.EosToken, tokenizer.UnkToken, tokenizer.AddsBos));
    }

    [Fact]
    public void A_style_without_its_tokens_is_refused()
    {
        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromSentencePiece(Model("t-unigram-t5"), "x", SentencePieceStyle.Llama));
        Assert.Contains("needs one of the control pieces <s>, <bos>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_the_file_does_not_hold_is_refused_before_anything_is_allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromSentencePiece([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "x"));
        Assert.Contains("says it has 2147483647 bytes, but 0 are left", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Theory]
    [InlineData(new byte[0], "there are no pieces")]
    [InlineData(new byte[] { 0x0A, 0x03, 0x0A, 0x01 }, "says it has 3 bytes, but 2 are left")]
    [InlineData(new byte[] { 0x0A, 0x03, 0x0A, 0x01, 0xFF }, "a piece is not UTF-8")]
    [InlineData(new byte[] { 0x0A, 0x00 }, "a piece needs a text")]
    [InlineData(new byte[] { 0x12, 0x02, 0x18, 0x03 }, "the model type 3 (word) is not supported")]
    [InlineData(new byte[] { 0x12, 0x03, 0xC0, 0x01, 0x01 }, "treat_whitespace_as_suffix")]
    [InlineData(new byte[] { 0x1A, 0x02, 0x28, 0x00 }, "escape_whitespaces false")]
    [InlineData(new byte[] { 0x33 }, "the wire type 3")]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 }, "more than ten bytes")]
    [InlineData(new byte[] { 0x7B, 0x22 }, "Is this a SentencePiece model?")]
    public void A_damaged_file_is_refused_with_the_reason(byte[] bytes, string because) =>
        Assert.Contains(because, Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromSentencePiece(bytes, "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_mutated_file_is_read_or_refused_and_never_crashes()
    {
        var model = Model("t-unigram-bytefallback");
        Random random = new(7);
        var (read, refused) = (0, 0);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Count; i++)
        {
            var bytes = model[..(random.Next(8) == 0 ? random.Next(model.Length) : model.Length)];
            for (var edits = random.Next(1, 5); edits > 0 && bytes.Length > 0; edits--)
            {
                bytes[random.Next(10) == 0 ? bytes.Length - 1 - random.Next(Math.Min(40, bytes.Length)) : random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            try
            {
                Tokenizer.FromSentencePiece(bytes, "mutated", (SentencePieceStyle)random.Next(5)).Encode("Hello \u00e9 \ud83d\ude00 world");
                read++;
            }
            catch (Exception error) when (error is TokenizerFormatException or TokenizationException)
            {
                refused++;
            }
        }
        Assert.True(read > Count / 20 && refused > Count / 20, $"{read} read, {refused} refused");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), $"took {watch.Elapsed}");
    }

    private static byte[] Model(string name) => Archive.Files("sentencepiece")[name + "/spiece.model"];
}
