using System.Text.Json;

namespace Fathom.Tests.Fixtures;

/// <summary>A BERT tokenizer of few words, to put beside a fixture's weights: specials 0 to 4, letters and letters within words after them, then some words.</summary>
internal static class TinyWordPiece
{
    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private static readonly string[] Words = ["the", "sun", "is", "bright", "today", "dog", "has", "ball", "."];

    /// <summary>A copy of a fixture's folder with the tokenizer in it.</summary>
    public static string Beside(string fixture)
    {
        var folder = Fixture.Copy(fixture);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Json());
        return folder;
    }

    private static string Json()
    {
        var letters = Enumerable.Range('a', 26).Select(c => ((char)c).ToString());
        var vocabulary = Specials.Concat(letters).Concat(letters.Select(l => $"##{l}")).Concat(Words).Select((word, id) => (word, id)).ToDictionary(p => p.word, p => p.id);
        object Token(string token, int type) => new { SpecialToken = new { id = token, type_id = type } };
        object Text(string text, int type) => new { Sequence = new { id = text, type_id = type } };
        object Special(string token) => new { id = token, ids = new[] { vocabulary[token] }, tokens = new[] { token } };
        return JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = Specials.Select(token => new { id = vocabulary[token], special = true, content = token, single_word = false, lstrip = false, rstrip = false, normalized = false }),
            normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, lowercase = true },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new[] { Token("[CLS]", 0), Text("A", 0), Token("[SEP]", 0) },
                pair = new[] { Token("[CLS]", 0), Text("A", 0), Token("[SEP]", 0), Text("B", 1), Token("[SEP]", 1) },
                special_tokens = new Dictionary<string, object> { ["[CLS]"] = Special("[CLS]"), ["[SEP]"] = Special("[SEP]") },
            },
            decoder = new { type = "WordPiece", prefix = "##", cleanup = true },
            model = new { type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100, vocab = vocabulary },
        });
    }
}
