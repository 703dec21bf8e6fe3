namespace Fathom.Tokenization;

/// <summary>How the reference turns a SentencePiece model into a tokenizer: that depends on the model family, not on the file alone.</summary>
public enum SentencePieceStyle
{
    /// <summary>As the file's own switches say, no special tokens added: what the reference does for a family it does not know.</summary>
    AsFile,

    /// <summary>Llama since 2023: a space before the first segment only, BOS before each text.</summary>
    Llama,

    /// <summary>The first Llama and its fine-tunings (<c>legacy</c>): a space before every segment, BOS before each text.</summary>
    LlamaLegacy,

    /// <summary>Gemma: no space put in front, BOS before each text.</summary>
    Gemma,

    /// <summary>T5 and its kin: a space before every segment, the end token after each text.</summary>
    T5,
}
