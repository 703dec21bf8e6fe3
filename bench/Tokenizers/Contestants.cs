using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using FathomTokenizer = Fathom.Tokenization.Tokenizer;

namespace Fathom.Bench.Tokenizers;

/// <summary>Builds the contestants for one vocabulary folder.</summary>
internal static partial class Contestants
{
    /// <summary>This library and, where it can read the vocabulary, Microsoft.ML.Tokenizers.</summary>
    public static List<Contestant> For(string folder)
    {
        var (fathom, load, memory) = Measure(() => FathomTokenizer.FromFolder(folder));
        List<Contestant> all =
        [
            new("fathom ids", text => fathom.EncodeToIds(text, addSpecialTokens: false).Length, load, memory),
            new("fathom offsets", text => fathom.Encode(text, addSpecialTokens: false).Length, load, memory),
        ];

        var (microsoft, theirLoad, theirMemory) = Measure(() => CreateMicrosoft(folder, fathom));
        all.Add(new("ML.Tokenizers ids", text => microsoft.EncodeToIds(text).Count, theirLoad, theirMemory));
        return all;
    }

    private static (T Value, double Milliseconds, double Megabytes) Measure<T>(Func<T> create)
    {
        create();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var value = create();
        clock.Stop();
        return (value, clock.Elapsed.TotalMilliseconds, (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6);
    }

    // Its fastest byte-level class, with the vocabulary's own pattern compiled by its own generator.
    private static TiktokenTokenizer CreateMicrosoft(string folder, FathomTokenizer fathom)
    {
        var pattern = Path.GetFileName(folder) switch { "llama3" => Llama3(), "smollm2" => Digits(), _ => Gpt2() };
        var bytes = ByteCharacters();
        using var ranks = new MemoryStream();
        // Ranks follow the ids in these vocabularies, special tokens apart.
        for (var id = 0; id < fathom.VocabularySize; id++)
        {
            if (fathom.IdToToken(id) is { } token && token.All(bytes.ContainsKey) && !fathom.AddedTokens.Any(added => added.Id == id))
            {
                ranks.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String([.. token.Select(c => bytes[c])]) + " " + id + "\n"));
            }
        }

        ranks.Position = 0;
        return TiktokenTokenizer.Create(ranks, new RegexPreTokenizer(pattern, null), null);
    }

    private static Dictionary<char, byte> ByteCharacters()
    {
        var map = new Dictionary<char, byte>();
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            map[b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)next++] = (byte)b;
        }

        return map;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2();

    [GeneratedRegex(@"\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    private static partial Regex Llama3();
}
