using System.Diagnostics;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Properties;

public sealed class LongWordTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("t-bpe-llama")]
    [InlineData("t-bpe-gemma")]
    [InlineData("t-unigram-t5")]
    public void A_word_of_a_hundred_times_the_length_costs_little_more_than_a_hundred_times_the_time(string name)
    {
        var tokenizer = Archive.Tokenizer(name);
        var random = new Random(1);
        var word = string.Create(200_000, random, (span, source) =>
        {
            foreach (ref var c in span)
            {
                c = (char)('a' + source.Next(26));
            }
        });
        double Time(string text)
        {
            var clock = Stopwatch.StartNew();
            tokenizer.EncodeToIds(text, addSpecialTokens: false);
            return clock.Elapsed.TotalMilliseconds;
        }

        Time(word[..2_000]);
        var small = Enumerable.Range(0, 9).Min(_ => Time(word[..2_000]));
        var large = Enumerable.Range(0, 3).Min(_ => Time(word));

        // Squared time would be ten thousand times; the bound leaves room for a busy machine.
        Assert.True(large < Math.Max(small, 0.05) * 4_000, $"{small} ms for 2,000 characters, {large} ms for 200,000");
    }

    [Fact]
    public void A_run_of_spaces_or_of_one_letter_does_not_stall_the_pattern_engine()
    {
        var tokenizer = Archive.General("t-bytelevel-o200k");
        var clock = Stopwatch.StartNew();

        foreach (var c in (char[])[' ', '\n', 'a', '!', '7'])
        {
            Assert.NotEmpty(tokenizer.EncodeToIds(new string(c, 100_000), addSpecialTokens: false));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }
}
