using System.Text.Json;

namespace Fathom.Tokenization.Tests;

public sealed class TokenizerTests
{
    [Fact]
    public void Applies_the_lowest_rank_first_and_then_the_leftmost_pair()
    {
        var tokenizer = TinyTokenizer.Create("a a", "aa a", "a b");

        Assert.Equal(["aa", "aaa", "b"], tokenizer.Encode("aaaaab").Tokens);
        Assert.Equal(["aaa", "b"], tokenizer.Encode("aaab").Tokens);
    }

    [Fact]
    public void Offsets_are_given_in_scalars_in_utf16_units_and_in_utf8_bytes()
    {
        var encoding = TinyTokenizer.Create().Encode("é😀");

        Assert.Equal([new(0, 1), new(0, 1), new(1, 2), new(1, 2), new(1, 2), new(1, 2)], encoding.Offsets);
        Assert.Equal(new TextSpan(1, 3), encoding.Utf16Offsets[^1]);
        Assert.Equal(new TextSpan(2, 6), encoding.Utf8Offsets[^1]);
    }

    [Fact]
    public void A_special_token_in_the_text_is_one_id_and_is_left_out_when_skipped()
    {
        var tokenizer = TinyTokenizer.Create("h i");
        var ids = tokenizer.EncodeToIds("hi<|end|>hi");

        Assert.Equal([256, 257, 256], ids);
        Assert.Equal("hi<|end|>hi", tokenizer.Decode(ids));
        Assert.Equal("hihi", tokenizer.Decode(ids, skipSpecialTokens: true));
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character()
    {
        var tokenizer = TinyTokenizer.Create();

        Assert.Equal(tokenizer.EncodeToIds("a\uFFFDb"), tokenizer.EncodeToIds("a\uD83Db"));
        Assert.Equal(new TextSpan(2, 3), tokenizer.Encode("a\uD83Db").Utf16Offsets[^1]);
    }

    [Fact]
    public void Display_names_show_white_space_bytes_and_missing_ids()
    {
        var tokenizer = TinyTokenizer.Create("Ġ a");

        Assert.Equal("·a", tokenizer.DisplayName(256));
        Assert.Equal("<0xC3>", tokenizer.DisplayName(0xC3));
        Assert.Equal("↵", tokenizer.DisplayName('\n'));
        Assert.Equal("<id 505>", tokenizer.DisplayName(505));
    }

    [Fact]
    public void Refuses_a_component_it_does_not_know_by_name()
    {
        var json = TinyTokenizer.Json();
        json["pre_tokenizer"] = new { type = "Telepathy" };

        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(json), "mine.json"));

        Assert.Contains("Telepathy", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine.json", error.File);
    }

    [Fact]
    public void Refuses_a_key_nobody_read()
    {
        var json = TinyTokenizer.Json();
        json["post_procesor"] = null;

        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(json)));

        Assert.Contains("\"post_procesor\" is not known", error.Message, StringComparison.Ordinal);
    }
}
