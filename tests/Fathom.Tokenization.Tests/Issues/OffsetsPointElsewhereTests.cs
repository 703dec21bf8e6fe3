using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Issues;

/// <summary>
/// "Offsets are in the original text: after accents, added tokens, replacing normalizers, prefix space; whole words found directly in the
/// vocabulary have real, non-empty spans; spans never overlap and cover the text."
/// </summary>
public class OffsetsPointElsewhereTests
{
    private static readonly string[] Texts =
    [
        "cafe\u0301 au lait", "na\u00efve \u00c5ngstr\u00f6m", "\ufb01ne \u2460 \u00bd", "a  b   c", "tab\tnew\nline", "Hello, world!", "\ud83d\ude00 face \ud83d\udc69\u200d\ud83d\ude80", "\u4f60\u597d world", "x", " leading", "the cat",
    ];

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt2")]
    [InlineData("smollm2")]
    [InlineData("t-bpe-llama")]
    [InlineData("t-bpe-metaspace-first-nosplit")]
    [InlineData("t-bytelevel-nfc")]
    [InlineData("t-bytelevel-roberta-notrim")]
    [InlineData("t-bytelevel-ignore-merges")]
    [InlineData("t-unigram-t5")]
    [InlineData("t-unigram-albert")]
    [InlineData("t-wordpiece-cased")]
    public void Spans_follow_each_other_inside_the_text(string name)
    {
        var tokenizer = Archive.Tokenizer(name);
        foreach (var text in Texts)
        {
            var encoding = tokenizer.Encode(text, addSpecialTokens: false);
            var length = text.EnumerateRunes().Count();
            var (start, end) = (0, 0);
            foreach (var span in encoding.Offsets)
            {
                Assert.True(span.Start >= start && span.End >= end && span.End <= length, $"{name}: {span} leaves \"{text}\" or goes back in it");
                // A space that was put in front has the place of the character behind it, and the pieces of one character share its place.
                Assert.True(span.Start >= end - 1, $"{name}: {span} overlaps more than a character of what precedes it in \"{text}\"");
                (start, end) = (span.Start, span.End);
            }
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("smollm2")]
    [InlineData("t-bytelevel-ignore-merges")]
    [InlineData("t-bpe-metaspace-first-nosplit")]
    public void Spans_cover_the_text_where_nothing_is_dropped(string name)
    {
        foreach (var text in Texts)
        {
            var covered = new bool[text.EnumerateRunes().Count()];
            foreach (var span in Archive.General(name).Encode(text, new EncodeOptions { AddSpecialTokens = false }).Offsets)
            {
                Array.Fill(covered, true, span.Start, span.End - span.Start);
            }
            // Trimmed offsets leave the space in front of a word out; nothing else may be missing.
            var runes = text.EnumerateRunes().ToArray();
            Assert.All(Enumerable.Range(0, covered.Length), i => Assert.True(covered[i] || System.Text.Rune.IsWhiteSpace(runes[i]), $"{name}: scalar {i} of \"{text}\" belongs to no token"));
        }
    }

    [Fact]
    public void A_word_found_whole_in_the_vocabulary_has_a_span_of_its_own()
    {
        var tokenizer = Archive.Tokenizer("t-bytelevel-ignore-merges");
        var encoding = tokenizer.Encode("the cat", addSpecialTokens: false);
        Assert.All(encoding.Offsets, span => Assert.True(span.End > span.Start));
        Assert.Equal(7, encoding.Offsets[^1].End);
    }

    [Fact]
    public void Accents_that_a_normalizer_drops_still_count()
    {
        var encoding = Archive.Tokenizer("bert").Encode("cafe\u0301 bar", addSpecialTokens: false);
        Assert.Equal(["cafe", "bar"], encoding.Tokens);
        Assert.Equal((0, 6, 9), (encoding.Offsets[0].Start, encoding.Offsets[1].Start, encoding.Offsets[1].End));
    }

    [Fact]
    public void A_space_put_in_front_takes_no_place()
    {
        var tokenizer = Vocabularies.Read(Vocabularies.Metaspace(null, new { type = "Metaspace", replacement = "\u2581", prepend_scheme = "always", split = true }));
        Assert.Equal([(0, 1), (0, 1), (1, 2), (2, 3)], tokenizer.Encode("a b").Offsets.Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void Added_tokens_have_the_span_of_their_text_and_those_behind_them_go_on_there()
    {
        var tokenizer = Vocabularies.Read(Vocabularies.Metaspace(null, new { type = "Metaspace", replacement = "\u2581", prepend_scheme = "never", split = true }));
        var encoding = tokenizer.Encode("a<s>b<tool>c");
        Assert.Equal(["a", "<s>", "b", "<tool>", "c"], encoding.Tokens);
        Assert.Equal([(0, 1), (1, 4), (4, 5), (5, 11), (11, 12)], encoding.Offsets.Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void Offsets_in_three_units_cut_out_the_same_text()
    {
        const string text = "\ud83d\ude00\u00e9 cat \u4f60";
        var encoding = Archive.Tokenizer("gpt2").Encode(text);
        var (scalars, utf8) = (text.EnumerateRunes().ToArray(), System.Text.Encoding.UTF8.GetBytes(text));
        for (var i = 0; i < encoding.Length; i++)
        {
            var (a, b, c) = (encoding.Offsets[i], encoding.Utf16Offsets[i], encoding.Utf8Offsets[i]);
            var piece = string.Concat(scalars[a.Start..a.End]);
            Assert.Equal(piece, text[b.Start..b.End]);
            Assert.Equal(piece, System.Text.Encoding.UTF8.GetString(utf8[c.Start..c.End]));
        }
    }
}
