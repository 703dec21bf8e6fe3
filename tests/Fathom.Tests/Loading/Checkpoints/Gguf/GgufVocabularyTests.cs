using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

public sealed class GgufVocabularyTests
{
    private static readonly byte[] File = FixturePack.Open("gguf-arch").Files["arch/qwen2.gguf"];

    [Fact]
    public void Reads_tokens_types_merges_and_special_ids()
    {
        var vocabulary = Read(File);
        Assert.Equal(("gpt2", "gpt-2", 113), (vocabulary.Model, vocabulary.PreTokenizer, vocabulary.Tokens.Count));
        Assert.Equal(("t", "1"), Assert.Single(vocabulary.Merges!));
        Assert.Equal([3, 3, 3, 1], vocabulary.Types!.Take(4));
        Assert.Equal(new Dictionary<string, long> { ["padding"] = 0, ["bos"] = 1, ["eos"] = 2 }, vocabulary.SpecialIds);
        Assert.Null(vocabulary.Scores);
        Assert.Null(vocabulary.ChatTemplate);
    }

    [Fact]
    public void Add_bos_token_is_true_false_or_absent_as_the_file_says()
    {
        Assert.False(Read(File).Switches["add_bos_token"]);
        Assert.True(Read(Changed("tokenizer.ggml.add_bos_token"u8, 4, [1])).Switches["add_bos_token"]);
        Assert.False(Read(Changed("tokenizer.ggml.add_bos_token"u8, -28, "tokenizer.ggml.add_xxx_token"u8)).Switches.ContainsKey("add_bos_token"));
    }

    [Fact]
    public void Refuses_an_id_outside_the_vocabulary()
    {
        var e = Assert.Throws<Fathom.Loading.Checkpoints.InvalidCheckpointException>(() => Read(Changed("tokenizer.ggml.eos_token_id"u8, 4, [113])));
        Assert.Contains("tokenizer.ggml.eos_token_id is 113, but the vocabulary has 113 tokens", e.Message, StringComparison.Ordinal);
    }

    private static GgufVocabulary Read(byte[] bytes)
    {
        using var file = GgufCheckpoint.Open([new MemorySource("vocabulary", bytes)]);
        return GgufVocabulary.Read(file)!;
    }

    /// <summary>Overwrites bytes at a distance from the end of a key.</summary>
    private static byte[] Changed(ReadOnlySpan<byte> key, int distance, ReadOnlySpan<byte> with)
    {
        var bytes = (byte[])File.Clone();
        with.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(key) + key.Length + distance));
        return bytes;
    }
}
