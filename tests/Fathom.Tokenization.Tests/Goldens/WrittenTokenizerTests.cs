using System.Text.Json.Nodes;
using Fathom.Tokenization.Tests.Formats;
using Fathom.Tokenization.Verification;

namespace Fathom.Tokenization.Tests.Goldens;

/// <summary>A tokenizer that was written is the one that was read.</summary>
public sealed class WrittenTokenizerTests
{
    /// <summary>All of them in CI, a quarter elsewhere.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> some = [];
            foreach (var row in GoldenTests.Cases().Where((_, i) => i % 4 == 0 || Environment.GetEnvironmentVariable("CI") == "true"))
            {
                some.Add(row);
            }

            return some;
        }
    }

    public static TheoryData<string> Names => [.. Archive.Trained, "bert", "bert-minilm", "gpt2", "smollm2", "gpt-neox"];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void What_was_written_equals_the_reference(string archive, string file)
    {
        using var golden = new MemoryStream(Archive.Files(archive)[file]);
        var written = Tokenizer.FromJson(Archive.Tokenizer(file.Split('/')[0]).ToJson());
        var report = TokenizerVerification.Run(written, golden, file);
        Assert.True(report.Agrees, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public void What_is_written_says_what_the_file_said(string name)
    {
        var (original, written) = (Plain(Archive.Json(name)), Plain(Archive.Tokenizer(name).ToJson()));
        foreach (var block in new[] { "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model" })
        {
            Assert.True(JsonNode.DeepEquals(original[block], written[block]), $"{block}: {Short(original[block])}\nbecame {Short(written[block])}");
        }
    }

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public void Writing_again_changes_nothing(string name)
    {
        var once = Archive.Tokenizer(name).ToJson();
        Assert.Equal(once, Tokenizer.FromJson(once).ToJson());
    }

    [Fact]
    public void A_vocabulary_from_another_format_becomes_a_tokenizer_json()
    {
        Same(Tokenizer.FromGguf(GgufFixture.ByteLevel("smollm2", "smollm")));
        Same(Tokenizer.FromGguf(GgufFixture.ByteLevel("t-bytelevel-deepseek", "deepseek-v3")));
        Same(Tokenizer.FromGguf(GgufFixture.Unigram("t-unigram-t5")));
        Same(Tokenizer.FromGguf(GgufFixture.WordPiece("t-wordpiece-cased")));
        Same(Tokenizer.FromGguf(GgufFixture.Scored()));
        Same(Tokenizer.FromSentencePiece(Archive.Files("sentencepiece")["t-unigram-bytefallback/spiece.model"], "spm", SentencePieceStyle.Llama));

        static void Same(Tokenizer tokenizer)
        {
            var written = Tokenizer.FromJson(tokenizer.ToJson());
            string[] texts = ["ab b", " The sun  is bright, isn't it?\n\t1234 x²", "naïve 日本語 \U0001F600 e\u0301", "", "<s></s><unk>[CLS]"];
            Assert.All(texts, text =>
            {
                var (a, b) = (tokenizer.Encode(text), written.Encode(text));
                Assert.Equal(a.Ids, b.Ids);
                Assert.Equal(tokenizer.Decode(a.Ids), written.Decode(b.Ids));
            });
        }
    }

    [Fact]
    public void The_file_beside_it_names_roles_and_templates()
    {
        var metadata = GgufFixture.Scored();
        metadata["tokenizer.chat_template"] = "{{ messages }}";
        var tokenizer = Tokenizer.FromGguf(metadata);
        var folder = Directory.CreateTempSubdirectory("fathom-tokenizer-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer.json"), tokenizer.ToJson());
            File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer_config.json"), tokenizer.ConfigToJson());
            var read = Tokenizer.FromFolder(folder.FullName);
            Assert.Equal(("<s>", "</s>", "<unk>", "{{ messages }}", true), (read.BosToken, read.EosToken, read.UnkToken, read.ChatTemplate, read.AddsBos));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 600)] : "null";

    /// <summary>The file without what has no meaning: spellings of one merge, names of templates' tokens, flags that nobody reads, what stands for a default.</summary>
    private static JsonObject Plain(byte[] json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        if (root["model"]!["merges"] is JsonArray merges)
        {
            root["model"]!["merges"] = new JsonArray([.. merges.Select(m => JsonValue.Create(m is JsonArray pair ? $"{pair[0]} {pair[1]}" : m!.ToString()))]);
        }

        root["added_tokens"] = new JsonArray([.. root["added_tokens"]!.AsArray().OrderBy(t => (int)t!["id"]!).Select(t => t!.DeepClone())]);
        foreach (var block in Blocks(root).ToList())
        {
            Simplify(block, isDecoder: block.GetPath().StartsWith("$.decoder", StringComparison.Ordinal), isPost: block.GetPath().StartsWith("$.post_processor", StringComparison.Ordinal));
        }

        return root;
    }

    private static IEnumerable<JsonObject> Blocks(JsonNode? node) => node switch
    {
        JsonObject o => o.Where(p => p.Key != "vocab").SelectMany(p => Blocks(p.Value)).Append(o),
        JsonArray a => a.SelectMany(Blocks),
        _ => [],
    };

    private static void Simplify(JsonObject block, bool isDecoder, bool isPost)
    {
        switch (block["type"]?.ToString())
        {
            case "ByteLevel":
                string[] unread = isDecoder ? ["add_prefix_space", "trim_offsets", "use_regex"] : isPost ? ["use_regex"] : ["trim_offsets"];
                Array.ForEach(unread, k => block.Remove(k));
                if (!isDecoder && !isPost)
                {
                    block["use_regex"] ??= true;
                }

                break;
            case "BertNormalizer":
                block["strip_accents"] ??= (bool)block["lowercase"]!;
                break;
            case "Metaspace":
                block.Remove("str_rep");
                block["prepend_scheme"] ??= block["add_prefix_space"] is { } prefix && !(bool)prefix ? "never" : "always";
                block.Remove("add_prefix_space");
                block["split"] = isDecoder || block["split"] is not { } split || (bool)split;
                break;
            case "BPE":
                block["unk_token"] = block["unk_token"]?.DeepClone();
                Array.ForEach(["continuing_subword_prefix", "end_of_word_suffix"], k => block[k] = block[k]?.ToString() is { Length: > 0 } text ? text : null);
                Array.ForEach(["fuse_unk", "byte_fallback", "ignore_merges"], k => block[k] ??= false);
                break;
            case "Unigram":
                block["byte_fallback"] ??= false;
                break;
            case "TemplateProcessing":
                foreach (var (name, token) in block["special_tokens"]!.AsObject().ToList())
                {
                    Rename(block, name, token!["ids"]!.ToJsonString());
                }

                break;
            default:
                if (block.ContainsKey("max_length"))
                {
                    block["direction"] ??= "Right";
                }

                break;
        }
    }

    /// <summary>Names of templates' tokens, and their texts, are for people; the ids count.</summary>
    private static void Rename(JsonObject template, string name, string ids)
    {
        var table = template["special_tokens"]!.AsObject();
        var token = table[name]!.AsObject();
        table.Remove(name);
        token.Remove("tokens");
        token["id"] = ids;
        table[ids] = token;
        foreach (var part in template["single"]!.AsArray().Concat(template["pair"]!.AsArray()).Select(p => p!["SpecialToken"]?.AsObject()).OfType<JsonObject>().Where(p => p["id"]!.ToString() == name))
        {
            part["id"] = ids;
        }
    }
}
