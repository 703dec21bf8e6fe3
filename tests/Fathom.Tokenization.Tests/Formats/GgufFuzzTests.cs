namespace Fathom.Tokenization.Tests.Formats;

public class GgufFuzzTests
{
    private static readonly object?[] Strange = [null, "", "gpt2", "llama", "bert", "t5", "gpt-2", true, 0, -1, 2u, ulong.MaxValue, 1.5, float.NaN, Array.Empty<string>(), new[] { "a", "b" }, new[] { 1, 2, 3 }, new object?[] { null, 1, "x" }, new[] { 0f, -1f }];

    private static int Count => Environment.GetEnvironmentVariable("CI") == "true" ? 20_000 : 2_000;

    [Fact]
    public void Mutated_metadata_is_read_or_refused_and_never_crashes()
    {
        Func<Dictionary<string, object?>>[] seeds = [GgufFixture.Scored, () => GgufFixture.ByteLevel("t-bytelevel-o200k", "gpt-4o"), () => GgufFixture.WordPiece("t-wordpiece-cased")];
        var originals = seeds.Select(make => make()).ToArray();
        Random random = new(11);
        var (read, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            Dictionary<string, object?> metadata = new(originals[random.Next(originals.Length)]);
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var key = metadata.Keys.ElementAt(random.Next(metadata.Count));
                metadata[key] = random.Next(3) == 0 || metadata[key] is not Array { Length: > 0 } list ? Strange[random.Next(Strange.Length)] : Mutate(random, list);
            }
            try
            {
                Tokenizer.FromGguf(metadata).Encode("Hello a ab <s> \u00e9\ud83d\ude00");
                read++;
            }
            catch (Exception error) when (error is TokenizerFormatException or TokenizationException)
            {
                refused++;
            }
        }
        Assert.True(read > Count / 50 && refused > Count / 50, $"{read} read, {refused} refused");
    }

    private static Array Mutate(Random random, Array list)
    {
        var copy = (Array)list.Clone();
        var at = random.Next(copy.Length);
        switch (copy)
        {
            case string[] texts:
                texts[at] = random.Next(3) switch { 0 => "", 1 => texts[random.Next(texts.Length)], _ => texts[at] + " \ud800" };
                break;
            case int[] numbers:
                numbers[at] = random.Next(-2, 9);
                break;
            case float[] scores:
                scores[at] = random.Next(4) == 0 ? float.PositiveInfinity : random.NextSingle();
                break;
        }
        return copy;
    }
}
