using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Formats;

public class TiktokenTests
{
    [Fact]
    public void Ranks_give_the_tokens_of_the_tokenizer_json_that_a_converter_makes_of_them()
    {
        var json = JsonNode.Parse(Archive.Json("t-bytelevel-o200k"))!;
        var tokens = json["model"]!["vocab"]!.AsObject().OrderBy(p => p.Value!.GetValue<int>()).Select(p => p.Key).ToArray();
        var tokenizer = Tokenizer.FromTiktoken(Ranks(tokens), "ranks", "gpt-4o", ["<|endoftext|>"]);

        // The converter's rule, written a second time: every split into two tokens, by rank, then by the ranks of the parts.
        var ids = tokens.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i);
        json["model"]!["merges"] = new JsonArray([.. tokens.SelectMany(token => Enumerable.Range(1, Math.Max(0, token.Length - 1))
            .Where(cut => ids.ContainsKey(token[..cut]) && ids.ContainsKey(token[cut..]))
            .OrderBy(cut => (ids[token[..cut]], ids[token[cut..]]))
            .Select(cut => (JsonNode)new JsonArray(token[..cut], token[cut..])))]);
        json["model"]!["ignore_merges"] = true;
        var reference = Tokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(json));

        var lines = System.Text.Encoding.UTF8.GetString(Archive.Files("trained-texts")["t-bytelevel-o200k/golden.jsonl"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 500);
        Assert.All(lines, line =>
        {
            using var parsed = JsonDocument.Parse(line);
            var text = parsed.RootElement.GetProperty("text").GetString()!;
            Assert.Equal(reference.Encode(text).Ids, tokenizer.Encode(text).Ids);
            Assert.Equal(reference.Decode(reference.Encode(text).Ids), tokenizer.Decode(tokenizer.Encode(text).Ids));
        });
    }

    [Theory]
    [InlineData("IQ== 0\nIg== 2\n", "the rank 2 does not follow 0")]
    [InlineData("IQ== 0\nIQ== 1\n", "the bytes of this token are in the file twice")]
    [InlineData("IQ== x\n", "line 1: expected up to 512 bytes in base64, a space and a rank")]
    [InlineData("IQ=\n", "line 1: expected")]
    [InlineData("!!!! 0\n", "line 1: expected")]
    [InlineData("", "there are no tokens")]
    public void A_damaged_file_is_refused_with_its_line(string text, string because) => Assert.Contains(
        because, Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromTiktoken(System.Text.Encoding.UTF8.GetBytes(text), "ranks", "llama3")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_folder_of_a_first_Qwen_has_its_special_tokens_behind_the_ranks()
    {
        var folder = Directory.CreateTempSubdirectory("fathom-qwen-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "qwen.tiktoken"), Ranks([.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.ToChar((byte)b).ToString()), "ab"]));
            var tokenizer = Tokenizer.FromFolder(folder);
            Assert.Equal([256, 'c'], tokenizer.EncodeToIds("abc"));
            Assert.Equal([257, 258, 259, 260], new[] { "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|extra_0|>" }.Select(t => tokenizer.TokenToId(t)!.Value));
            Assert.Equal([258, 'a', 259], tokenizer.EncodeToIds("<|im_start|>a<|im_end|>"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_unknown_way_to_cut_is_refused_with_the_known_ones() => Assert.Contains(
        "known: chatglm-bpe, codeshell", Assert.Throws<ArgumentException>(() => Tokenizer.FromTiktoken("IQ== 0\n"u8, "ranks", "cl100k")).Message, StringComparison.Ordinal);

    private static byte[] Ranks(string[] tokens)
    {
        StringBuilder builder = new();
        for (var id = 0; id < tokens.Length; id++)
        {
            builder.Append(Convert.ToBase64String([.. tokens[id].Select(c => (byte)ByteAlphabet.ToByte(c))])).Append(' ').Append(id).Append('\n');
        }
        return System.Text.Encoding.UTF8.GetBytes(builder.ToString());
    }
}
