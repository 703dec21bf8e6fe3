using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fathom.Tokenization.Tests.Issues;

/// <summary>Small tokenizers written out as tokenizer.json, one for each style of special tokens and spaces.</summary>
internal static class Vocabularies
{
    /// <summary>Letters, the mark of a space, &lt;s&gt; (special) and &lt;tool&gt; (added, not special); no merges.</summary>
    public static JsonObject Metaspace(object? normalizer, object? preTokenizer, bool addsBos = false)
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "\u2581", "a", "b", "c"];
        return Node(new
        {
            version = "1.0",
            added_tokens = new[] { Added(0, "<unk>", true), Added(1, "<s>", true), Added(2, "</s>", true), Added(7, "<tool>", false) },
            normalizer,
            pre_tokenizer = preTokenizer,
            post_processor = addsBos ? Begin("<s>", 1) : null,
            decoder = new { type = "Sequence", decoders = new object[] { new { type = "Replace", pattern = new { String = "\u2581" }, content = " " }, new { type = "Fuse" }, new { type = "Strip", content = " ", start = 1, stop = 0 } } },
            model = new { type = "BPE", unk_token = "<unk>", fuse_unk = true, vocab = tokens.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i), merges = Array.Empty<string>() },
        });
    }

    /// <summary>Bytes; <paramref name="bos"/> begins a text if it is given.</summary>
    public static JsonObject ByteLevel(string? bos, params string[] special)
    {
        var json = JsonSerializer.SerializeToNode(TinyTokenizer.Json())!.AsObject();
        json["added_tokens"] = JsonSerializer.SerializeToNode(special.Select((s, i) => Added(256 + i, s, true)));
        json["post_processor"] = bos is null ? null : JsonSerializer.SerializeToNode(Begin(bos, 256 + Array.IndexOf(special, bos)));
        return json;
    }

    /// <summary>Writes the tokenizer into a new folder with a configuration beside it, and reads the folder.</summary>
    public static Tokenizer InFolder(JsonObject tokenizer, object config)
    {
        var folder = Directory.CreateTempSubdirectory("fathom-tokenizer-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), JsonSerializer.Serialize(config));
            return Tokenizer.FromFolder(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Reads the JSON.</summary>
    public static Tokenizer Read(JsonObject json) => Tokenizer.FromJson(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static object Added(int id, string content, bool special) =>
        new { id, content, single_word = false, lstrip = false, rstrip = false, normalized = false, special };

    private static object Begin(string token, int id) => new
    {
        type = "TemplateProcessing",
        single = new object[] { new { SpecialToken = new { id = token, type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } } },
        pair = new object[] { new { SpecialToken = new { id = token, type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } }, new { SpecialToken = new { id = token, type_id = 1 } }, new { Sequence = new { id = "B", type_id = 1 } } },
        special_tokens = new Dictionary<string, object> { [token] = new { id = token, ids = new[] { id }, tokens = new[] { token } } },
    };

    private static JsonObject Node(object value) => JsonSerializer.SerializeToNode(value)!.AsObject();
}
