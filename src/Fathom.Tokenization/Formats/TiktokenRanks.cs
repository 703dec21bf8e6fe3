using System.Buffers.Text;
using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Formats;

/// <summary>Reads a file of ranks, one line a token: its bytes in base64, a space, its rank, which is its id.</summary>
internal static class TiktokenRanks
{
    private const int LongestToken = 512;

    /// <summary>Builds the tokenizer that the reference makes of the file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="preTokenizer">The name of the way to cut.</param>
    /// <param name="specialTokens">Special tokens, with ids after the last rank.</param>
    public static TokenizerParts Read(ReadOnlySpan<byte> file, string source, string preTokenizer, IReadOnlyList<string> specialTokens)
    {
        var cutter = PreTokenizerNames.Find(preTokenizer)
            ?? throw new ArgumentException($"The pre-tokenizer \"{preTokenizer}\" is not known; known: {string.Join(", ", PreTokenizerNames.All)}.", nameof(preTokenizer));
        var tokens = ReadLines(file, source);
        VocabularyBuilder builder = new(file.Length);
        for (var id = 0; id < tokens.Count; id++)
        {
            builder.Add(Spell(tokens[id]), id);
            if (builder.Count <= id)
            {
                throw new TokenizerFormatException(source, $"rank {id}", "the bytes of this token are in the file twice.");
            }
        }
        var vocabulary = builder.Build();
        return new TokenizerParts(source, new BpeModel(vocabulary, Merges(tokens, vocabulary), new BpeOptions { IgnoreMerges = true }))
        {
            Normalizer = PreTokenizerNames.Normalizer(preTokenizer),
            PreTokenizer = cutter,
            Decoder = new ByteLevelDecoder(),
            AddedTokens = [.. specialTokens.Select((content, i) => new AddedToken(tokens.Count + i, content) { Special = true })],
        };
    }

    private static List<byte[]> ReadLines(ReadOnlySpan<byte> file, string source)
    {
        List<byte[]> tokens = [];
        for (var line = 1; file.Length > 0; line++)
        {
            var end = file.IndexOf((byte)'\n');
            var row = (end < 0 ? file : file[..end]).TrimEnd((byte)'\r');
            file = end < 0 ? [] : file[(end + 1)..];
            if (row.Length == 0)
            {
                continue;
            }
            var space = row.IndexOf((byte)' ');
            if (space <= 0 || !Utf8Parser.TryParse(row[(space + 1)..], out int rank, out var used) || used != row.Length - space - 1 || Decode(row[..space]) is not { Length: > 0 and <= LongestToken } token)
            {
                throw new TokenizerFormatException(source, $"line {line}", $"expected up to {LongestToken} bytes in base64, a space and a rank.");
            }
            if (rank != tokens.Count)
            {
                throw new TokenizerFormatException(source, $"line {line}", $"the rank {rank} does not follow {tokens.Count - 1}; the file must count up from 0 without holes.");
            }
            tokens.Add(token);
        }
        return tokens.Count > 0 ? tokens : throw new TokenizerFormatException(source, "file", "there are no tokens.");
    }

    private static byte[]? Decode(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? bytes[..written] : null;
    }

    private static string Spell(ReadOnlySpan<byte> bytes)
    {
        Span<char> characters = stackalloc char[LongestToken];
        for (var i = 0; i < bytes.Length; i++)
        {
            characters[i] = ByteAlphabet.ToChar(bytes[i]);
        }
        return characters[..bytes.Length].ToString();
    }

    /// <summary>Every split of a token into two tokens, in order of the token's rank, then of its parts' ranks.</summary>
    private static MergeTable Merges(List<byte[]> tokens, Vocabulary vocabulary)
    {
        MergeTable table = new(2 * tokens.Count);
        var rank = 0;
        List<(int Left, int Right)> splits = [];
        for (var id = 0; id < tokens.Count; id++)
        {
            splits.Clear();
            for (var cut = 1; cut < tokens[id].Length; cut++)
            {
                var left = vocabulary.IdOf(Spell(tokens[id].AsSpan(0, cut)));
                var right = left < 0 ? -1 : vocabulary.IdOf(Spell(tokens[id].AsSpan(cut)));
                if (right >= 0)
                {
                    splits.Add((left, right));
                }
            }
            splits.Sort();
            foreach (var (left, right) in splits)
            {
                table.Add(left, right, rank++, id);
            }
        }
        return table;
    }
}
