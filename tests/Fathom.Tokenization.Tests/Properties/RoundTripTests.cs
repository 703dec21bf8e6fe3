using CsCheck;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Properties;

public sealed class RoundTripTests
{
    public static TheoryData<string> Lossless => ["gpt2", "t-bytelevel-o200k", "t-bytelevel-deepseek", "t-bytelevel-ignore-merges"];

    public static TheoryData<string> Every => [.. Archive.Trained, "gpt2", "smollm2", "gpt-neox", "bert"];

    [Theory]
    [MemberData(nameof(Lossless))]
    public void Decoding_gives_the_text_back(string name)
    {
        var tokenizer = Archive.Tokenizer(name);

        Texts.Any.Sample(text => tokenizer.Decode(tokenizer.EncodeToIds(text, addSpecialTokens: false)) == text, iter: Texts.Count(inCi: 100_000));
    }

    [Fact]
    public void Offsets_tile_the_text()
    {
        var tokenizer = Archive.Tokenizer("gpt2");

        Texts.Any.Sample(
            text =>
            {
                var encoding = tokenizer.Encode(text);
                // Every token begins where the one before ended, or inside the same character.
                var (start, end) = (0, 0);
                foreach (var span in encoding.Utf16Offsets)
                {
                    Assert.True(span.Length > 0 && (span.Start == end || (span.Start >= start && span.Start < end)), $"{text}: {span} after [{start}, {end})");
                    (start, end) = (span.Start, span.End);
                }

                Assert.Equal(text.Length, end);
            },
            iter: Texts.Count(inCi: 100_000));
    }

    [Theory]
    [MemberData(nameof(Every), DisableDiscoveryEnumeration = true)]
    public void The_fast_path_the_general_path_and_ids_alone_agree(string name)
    {
        var (fast, general) = (Archive.Tokenizer(name), Archive.General(name));

        Texts.Any.Sample(
            text =>
            {
                try
                {
                    var expected = general.Encode(text, addSpecialTokens: false);
                    var actual = fast.Encode(text, addSpecialTokens: false);
                    Assert.Equal(expected.Ids, actual.Ids);
                    Assert.Equal(expected.Offsets, actual.Offsets);
                    Assert.Equal(expected.WordIds, actual.WordIds);
                    Assert.Equal(expected.Ids, fast.EncodeToIds(text, addSpecialTokens: false));
                }
                catch (TokenizationException)
                {
                    // A vocabulary without an unknown token refuses; then all ways must.
                    Assert.Throws<TokenizationException>(() => fast.EncodeToIds(text, addSpecialTokens: false));
                }
            },
            iter: Texts.Count(inCi: 5_000));
    }

    [Fact]
    public void In_parallel_is_the_same_as_one_by_one()
    {
        var tokenizer = Archive.Tokenizer("gpt-neox");

        Texts.Any.Array[0, 40].Sample(
            texts => Assert.Equal(
                texts.Select(text => string.Join(' ', tokenizer.Encode(text).Ids)),
                tokenizer.EncodeBatch(texts).Select(encoding => string.Join(' ', encoding.Ids))),
            iter: Texts.Count(inCi: 5_000));
    }

    [Fact]
    public void Pieces_encoded_one_by_one_join_to_the_whole()
    {
        var tokenizer = Archive.Tokenizer("gpt2");

        Texts.Any.Sample(
            text =>
            {
                var whole = tokenizer.Encode(text.Replace("<|endoftext|>", "", StringComparison.Ordinal));
                var source = text.Replace("<|endoftext|>", "", StringComparison.Ordinal);
                var pieces = whole.WordIds.Zip(whole.Utf16Offsets).GroupBy(item => item.First)
                    .Select(group => source[group.First().Second.Start..group.Last().Second.End]);
                Assert.Equal(whole.Ids, pieces.SelectMany(piece => tokenizer.EncodeToIds(piece)));
            },
            iter: Texts.Count(inCi: 100_000));
    }

    [Fact]
    public void Streaming_gives_out_the_whole_text_and_never_half_a_character()
    {
        var tokenizer = Archive.Tokenizer("gpt2");

        Texts.Any.Sample(
            text =>
            {
                var stream = new StreamingDecoder(tokenizer);
                var parts = tokenizer.EncodeToIds(text).Select(stream.Add).ToList();
                Assert.Equal(text, string.Concat(parts) + stream.Flush());
            },
            iter: Texts.Count(inCi: 100_000));
    }
}
