using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Properties;

/// <summary>Damaged and strange tokenizer files: refused with an error that names the place, or read; never a crash, a hang or a huge allocation.</summary>
public sealed class MutationTests
{
    private const long MostBytes = 64 << 20;
    private static readonly string[] Probes = ["", "Hello, wörld 123\n", "a\u0301 😀  x", "<s>日本"];

    [Fact]
    public void A_mutated_file_is_refused_by_name_or_read()
    {
        var count = (int)Texts.Count(inCi: 100_000);
        var (refused, read) = (0, 0);

        Parallel.For(0, count, i =>
        {
            var json = Mutants.Make(i);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tokenizer = Tokenizer.FromJson(json);
                Interlocked.Increment(ref read);
                foreach (var probe in Probes)
                {
                    Use(tokenizer, probe);
                }
            }
            catch (TokenizerFormatException error)
            {
                Assert.NotEmpty(error.Problem);
                Interlocked.Increment(ref refused);
            }
            catch (Exception error)
            {
                Assert.Fail($"mutation {i}: {error}\n{System.Text.Encoding.UTF8.GetString(json)[..Math.Min(json.Length, 2000)]}");
            }

            var used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used < MostBytes, $"mutation {i} allocated {used} bytes for a file of {json.Length}");
        });

        Assert.True(refused > count / 10 && read > count / 10, $"{refused} refused, {read} read: the mutations miss one side");
    }

    [Fact]
    public void The_files_that_are_mutated_are_read_as_they_are() =>
        Assert.All(Archive.Trained.Select(Mutants.Shrink), json => Tokenizer.FromJson(System.Text.Encoding.UTF8.GetBytes(json)));

    private static void Use(Tokenizer tokenizer, string text)
    {
        try
        {
            var encoding = tokenizer.Encode(text, tokenizer.FileOptions with { Padding = null });
            tokenizer.Decode(encoding.Ids.AsSpan());
            Assert.Equal(encoding.Length, encoding.Utf16Offsets.Length);
        }
        catch (TokenizationException error)
        {
            Assert.NotEmpty(error.Problem);
        }
    }
}
