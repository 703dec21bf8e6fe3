using System.Text.Json;

namespace Fathom.Tokenization.Tests.Issues;

/// <summary>"Every pre-tokenizer step of the file is honoured or refused by name (punctuation, digits in threes, splits)."</summary>
public class PreTokenizerStepDroppedTests
{
    [Theory]
    [InlineData("""{"type":"Punctuation"}""", "ab|!|?|ab")]
    [InlineData("""{"type":"Punctuation","behavior":"Contiguous"}""", "ab|!?|ab")]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "1|2|3|4|5|ab|6")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "12345|ab|6")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[0-9][0-9][0-9]"},"behavior":"Isolated","invert":false}""", "123|45ab6")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\p{N}{1,3}"},"behavior":"Isolated","invert":false}""", "123|45|ab|6")]
    [InlineData("""{"type":"Split","pattern":{"String":"b"},"behavior":"Removed","invert":false}""", "12345a|6")]
    [InlineData("""{"type":"Split","pattern":{"String":"b"},"behavior":"MergedWithPrevious","invert":false}""", "12345ab|6")]
    [InlineData("""{"type":"Split","pattern":{"String":"b"},"behavior":"MergedWithNext","invert":false}""", "12345a|b6")]
    [InlineData("""{"type":"FixedLength","length":4}""", "1234|5ab6")]
    [InlineData("""{"type":"CharDelimiterSplit","delimiter":"b"}""", "12345a|6")]
    public void A_step_cuts_where_it_says(string step, string pieces)
    {
        var text = step.Contains("Punctuation", StringComparison.Ordinal) ? "ab!?ab" : "12345ab6";
        Assert.Equal(pieces, Pieces(step, text));
    }

    [Fact]
    public void Every_step_of_a_sequence_counts()
    {
        var sequence = """{"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Contiguous"},{"type":"Digits","individual_digits":false},{"type":"Split","pattern":{"Regex":"[0-9][0-9][0-9]"},"behavior":"Isolated","invert":false}]}""";
        Assert.Equal("ab|!?|123|45|c", Pieces(sequence, "ab!?12345c"));
    }

    [Theory]
    [InlineData("""{"type":"Telepathy"}""", "Telepathy")]
    [InlineData("""{"type":"Digits","individual_digits":true,"in_threes":true}""", "in_threes")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"(a)\\1"},"behavior":"Isolated","invert":false}""", "pattern")]
    [InlineData("""{"type":"Split","pattern":{"String":"a"},"behavior":"Shattered","invert":false}""", "Shattered")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Telepathy"}]}""", "pretokenizers[1]")]
    public void A_step_that_cannot_be_honoured_is_refused_by_name(string step, string name) =>
        Assert.Contains(name, Assert.Throws<TokenizerFormatException>(() => Make(step, "")).Message, StringComparison.Ordinal);

    private static string Pieces(string step, string text) => string.Join('|', Make(step, text).Encode(text).Tokens);

    /// <summary>A vocabulary of every stretch of the text: the tokens are the pieces.</summary>
    private static Tokenizer Make(string step, string text)
    {
        var stretches = Enumerable.Range(0, text.Length).SelectMany(start => Enumerable.Range(1, text.Length - start).Select(length => text.Substring(start, length))).Distinct().Prepend("[UNK]");
        return Tokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = "1.0",
            pre_tokenizer = JsonDocument.Parse(step).RootElement,
            model = new { type = "WordLevel", vocab = stretches.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => p.i), unk_token = "[UNK]" },
        }));
    }
}
