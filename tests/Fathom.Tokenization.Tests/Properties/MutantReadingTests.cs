using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Fathom.Tokenization.Tests.Properties;

/// <summary>Damaged and strange tokenizer files that are read at all are read as the reference reads them.</summary>
public sealed class MutantReadingTests
{
    private const ushort Refused = 0;
    private const ushort Crashed = 1;

    // Truncated to 10 tokens, a probe's later characters are unknown to a vocabulary without an unknown token: the reference stops before it sees them, here the text is refused.
    private const int RefusedBehindTheCut = 79_568;
    private static readonly string[] Probes = ["", "Hello, wörld 123\n", "a\u0301 😀  x", "<s>日本"];

    [Fact]
    public void A_file_that_is_read_is_read_as_the_reference_reads_it()
    {
        // Two bytes a file: 0 where the reference refuses it, 1 where it crashes on it or on a probe, else a digest of the probes' ids and decoded texts.
        using var packed = new BrotliStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "mutant-readings.bin.br")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        var expected = MemoryMarshal.Cast<byte, ushort>(bytes.ToArray()).ToArray();
        Assert.Equal(100_000, expected.Length);
        var count = (int)Texts.Count(inCi: expected.Length);
        var (equal, refused) = (0, 0);
        ConcurrentBag<string> wrong = [];
        Parallel.For(0, count, i =>
        {
            var own = Digest(Mutants.Make(i));
            if (own == Refused)
            {
                Interlocked.Increment(ref refused);
            }
            else if (own == expected[i])
            {
                Interlocked.Increment(ref equal);
            }
            else if (expected[i] != Crashed && i != RefusedBehindTheCut)
            {
                wrong.Add($"mutation {i}: the reference {(expected[i] == Refused ? "refuses" : "reads otherwise")}");
            }
        });

        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {count} differ:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(equal > count / 4 && refused > count / 4, $"{equal} equal, {refused} refused: the mutations miss one side");
    }

    private static ushort Digest(byte[] json)
    {
        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.FromJson(json);
        }
        catch (TokenizerFormatException)
        {
            return Refused;
        }

        var digest = 2166136261;
        foreach (var probe in Probes)
        {
            try
            {
                var ids = tokenizer.Encode(probe, tokenizer.FileOptions with { Padding = null }).Ids;
                digest = Add($"i{string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))};", digest);
                string decoded;
                try
                {
                    decoded = tokenizer.Decode(ids.AsSpan());
                }
                catch (TokenizationException)
                {
                    decoded = "DE";
                }

                digest = Add(decoded + ";", digest);
            }
            catch (TokenizationException)
            {
                digest = Add("E;", digest);
            }
        }

        return (ushort)digest is var low and > Crashed ? low : (ushort)(digest | 2);
    }

    private static uint Add(string text, uint digest)
    {
        foreach (var unit in System.Text.Encoding.UTF8.GetBytes(text))
        {
            digest = (digest ^ unit) * 16777619;
        }

        return digest;
    }
}
