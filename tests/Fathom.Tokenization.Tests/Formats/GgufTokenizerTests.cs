using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Formats;

public class GgufTokenizerTests
{
    private const string Prefix = "tokenizer.ggml.";

    [Theory]
    [InlineData("t-bytelevel-o200k", "gpt-4o")]
    [InlineData("t-bytelevel-deepseek", "deepseek-v3")]
    [InlineData("t-bytelevel-no-ignore-merges", "gpt-2")]
    public void Byte_level_metadata_gives_the_tokens_of_the_same_tokenizer_json(string name, string pre) =>
        IdsOf.AssertEqualReference(Tokenizer.FromGguf(GgufFixture.ByteLevel(name, pre)), "trained-texts", name + "/golden.jsonl");

    [Fact]
    public void A_published_vocabulary_gives_the_tokens_of_its_tokenizer_json() =>
        IdsOf.AssertEqualReference(Tokenizer.FromGguf(GgufFixture.ByteLevel("smollm2", "smollm")), "real-cases", "smollm2/golden.jsonl");

    [Fact]
    public void Unigram_metadata_gives_the_tokens_of_the_same_tokenizer_json() =>
        IdsOf.AssertEqualReference(Tokenizer.FromGguf(GgufFixture.Unigram("t-unigram-t5")), "trained-texts", "t-unigram-t5/golden.jsonl");

    [Fact]
    public void Word_piece_metadata_gives_the_tokens_of_the_same_tokenizer_json() =>
        IdsOf.AssertEqualReference(Tokenizer.FromGguf(GgufFixture.WordPiece("t-wordpiece-cased")), "trained-texts", "t-wordpiece-cased/golden.jsonl");

    [Fact]
    public void A_tokenizer_json_inside_the_file_goes_before_everything_else() =>
        IdsOf.AssertEqualReference(
            Tokenizer.FromGguf(new Dictionary<string, object?> { ["tokenizer.huggingface.json"] = System.Text.Encoding.UTF8.GetString(Archive.Json("t-bpe-llama")) }),
            "trained-texts",
            "t-bpe-llama/golden.jsonl");

    [Fact]
    public void Scores_become_merges_and_a_space_goes_in_front()
    {
        var tokenizer = Tokenizer.FromGguf(GgufFixture.Scored());
        Assert.Equal(["<s>", "\u2581ab", "\u2581", "b"], tokenizer.Encode("ab b").Tokens);
        Assert.Equal("ab b", tokenizer.Decode(tokenizer.Encode("ab b", addSpecialTokens: false).Ids));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, true)]
    public void Add_bos_token_is_honoured_and_shown(bool? flag, bool adds)
    {
        var metadata = GgufFixture.Scored();
        if (flag is { } value)
        {
            metadata[Prefix + "add_bos_token"] = value;
        }
        var tokenizer = Tokenizer.FromGguf(metadata);
        Assert.Equal(adds, tokenizer.AddsBos);
        Assert.Equal(adds, tokenizer.Encode("a").Ids[0] == 1);
        Assert.Equal(("<s>", "</s>"), (tokenizer.BosToken, tokenizer.EosToken));
    }

    [Theory]
    [InlineData("llama-bpe", true)]
    [InlineData("gpt-2", false)]
    public void Whether_bos_is_added_by_default_depends_on_the_pre_tokenizer(string pre, bool adds)
    {
        var metadata = GgufFixture.ByteLevel("t-bytelevel-o200k", pre);
        metadata[Prefix + "bos_token_id"] = 900;
        Assert.Equal(adds, Tokenizer.FromGguf(metadata).AddsBos);
    }

    [Fact]
    public void Templates_and_roles_come_along()
    {
        var metadata = GgufFixture.Scored();
        metadata["tokenizer.chat_template"] = "{{ bos_token }}";
        metadata["tokenizer.chat_template.tool_use"] = "tools";
        metadata[Prefix + "eot_token_id"] = 6;
        var tokenizer = Tokenizer.FromGguf(metadata);
        Assert.Equal("{{ bos_token }}", tokenizer.ChatTemplate);
        Assert.Equal("tools", tokenizer.ChatTemplates["tool_use"]);
        Assert.Equal([2, 6], tokenizer.StopIds);
    }

    [Theory]
    [InlineData("model", "rwkv", "supported: bert, gpt2, llama, t5")]
    [InlineData("model", null, "it names the kind")]
    [InlineData("tokens", null, "the list of tokens is missing")]
    [InlineData("scores", null, "the list of scores is missing")]
    [InlineData("token_type", new[] { 1 }, "has 1 entries, but there are 8 tokens")]
    [InlineData("tokens", new[] { "a", "a", "c", "d", "e", "f", "g", "h" }, "\"a\" is in the list twice")]
    [InlineData("bos_token_id", 8, "the id 8 is out of range: the vocabulary has 8 tokens")]
    [InlineData("bos_token_id", null, "bos_token_id is missing")]
    [InlineData("bos_token_id", "1", "expected a whole number, found \"1\"")]
    [InlineData("scores", new[] { 0f, float.NaN, 0, 0, 0, 0, 0, 0 }, "expected a finite number")]
    [InlineData("add_bos_token", 1, "expected a boolean")]
    [InlineData("split_by_moon", true, "this key is not known")]
    public void Refuses_metadata_it_cannot_honour_and_says_why(string key, object? value, string because)
    {
        var metadata = GgufFixture.Scored();
        metadata[Prefix + "add_bos_token"] = true;
        metadata[Prefix + key] = value;
        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromGguf(metadata, "model.gguf"));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("model.gguf: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre", null, "not known how text is cut")]
    [InlineData("pre", "gpt-3", "the pre-tokenizer \"gpt-3\" is not known; known:")]
    [InlineData("merges", null, "the list of merges is missing")]
    [InlineData("merges", new[] { "ab" }, "expected two tokens with a space between, found \"ab\"")]
    [InlineData("merges", new[] { "qqqq z" }, "\"qqqq\" is not in the vocabulary")]
    public void Refuses_byte_level_metadata_it_cannot_honour(string key, object? value, string because)
    {
        var metadata = GgufFixture.ByteLevel("t-bytelevel-o200k", "gpt-4o");
        metadata[Prefix + key] = value;
        Assert.Contains(because, Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromGguf(metadata)).Message, StringComparison.Ordinal);
    }
}
