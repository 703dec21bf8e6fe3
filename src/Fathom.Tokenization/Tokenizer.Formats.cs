using Fathom.Tokenization.Formats;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    /// <summary>Builds a tokenizer from the metadata of a GGUF file.</summary>
    /// <param name="metadata">
    /// Keys such as <c>tokenizer.ggml.tokens</c> with plain values: text, booleans, numbers, lists. Keys that do not begin with
    /// <c>tokenizer.</c> are not looked at, so the whole metadata of a file may be passed.
    /// </param>
    /// <param name="name">What to call the file in messages.</param>
    /// <exception cref="TokenizerFormatException">The metadata is damaged or incomplete, or asks for something that is not implemented.</exception>
    public static Tokenizer FromGguf(IReadOnlyDictionary<string, object?> metadata, string name = "GGUF metadata")
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new Tokenizer(GgufTokenizer.Read(new GgufMetadata(metadata, name)));
    }

    /// <summary>Reads a SentencePiece model (<c>tokenizer.model</c>, <c>spiece.model</c>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="style">How the reference treats the model family.</param>
    /// <param name="extraIds">How many <c>&lt;extra_id_N&gt;</c> tokens follow the pieces (T5: 100).</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TokenizerFormatException">The file is damaged, or asks for something that is not implemented.</exception>
    public static Tokenizer FromSentencePiece(string path, SentencePieceStyle style = SentencePieceStyle.AsFile, int extraIds = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FromSentencePiece(File.ReadAllBytes(path), path, style, extraIds);
    }

    /// <summary>Reads the bytes of a SentencePiece model.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="style">How the reference treats the model family.</param>
    /// <param name="extraIds">How many <c>&lt;extra_id_N&gt;</c> tokens follow the pieces.</param>
    /// <exception cref="TokenizerFormatException">The bytes are damaged, or ask for something that is not implemented.</exception>
    public static Tokenizer FromSentencePiece(ReadOnlySpan<byte> model, string name, SentencePieceStyle style = SentencePieceStyle.AsFile, int extraIds = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extraIds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(extraIds, 10_000);
        return new Tokenizer(new SentencePieceTokenizer(SentencePieceModel.Read(model, name), style, extraIds).Build());
    }

    /// <summary>Reads a file of ranks (<c>tokenizer.model</c> of Llama 3, <c>*.tiktoken</c>): a line for each token, its bytes in base64 and its rank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preTokenizer">How text is cut before merging, by the names that GGUF files use: <c>llama3</c>, <c>gpt-4o</c>, <c>qwen2</c>, <c>gpt-2</c>.</param>
    /// <param name="specialTokens">Special tokens in order; their ids follow the ranks.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The name of the pre-tokenizer is not known.</exception>
    /// <exception cref="TokenizerFormatException">The file is damaged.</exception>
    public static Tokenizer FromTiktoken(string path, string preTokenizer, IReadOnlyList<string>? specialTokens = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FromTiktoken(File.ReadAllBytes(path), path, preTokenizer, specialTokens);
    }

    /// <summary>Reads the bytes of a file of ranks.</summary>
    /// <param name="ranks">The bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="preTokenizer">How text is cut before merging.</param>
    /// <param name="specialTokens">Special tokens in order; their ids follow the ranks.</param>
    /// <exception cref="ArgumentException">The name of the pre-tokenizer is not known.</exception>
    /// <exception cref="TokenizerFormatException">The bytes are damaged.</exception>
    public static Tokenizer FromTiktoken(ReadOnlySpan<byte> ranks, string name, string preTokenizer, IReadOnlyList<string>? specialTokens = null) =>
        new(TiktokenRanks.Read(ranks, name, preTokenizer, specialTokens ?? []));
}
