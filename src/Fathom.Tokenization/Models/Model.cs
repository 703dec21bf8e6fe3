using System.Text.Json;

namespace Fathom.Tokenization.Models;

/// <summary>Turns one piece of normalized text into tokens.</summary>
/// <param name="kind">The name in the file: <c>BPE</c>, <c>WordPiece</c>, <c>WordLevel</c> or <c>Unigram</c>.</param>
/// <param name="vocabulary">Tokens and ids.</param>
internal abstract class Model(string kind, Vocabulary vocabulary)
{
    /// <summary>The name in the file.</summary>
    public string Kind { get; } = kind;

    /// <summary>Tokens and ids.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The token for what the vocabulary does not hold, if the model has one.</summary>
    public virtual string? UnkToken => null;

    /// <summary>Appends the tokens of one piece; safe to call from several threads.</summary>
    /// <param name="piece">UTF-8, not empty.</param>
    /// <param name="output">Receives the tokens.</param>
    /// <param name="workspace">Scratch memory of the calling thread.</param>
    public abstract void Tokenize(ReadOnlySpan<byte> piece, TokenBuffer output, Workspace workspace);

    /// <summary>Writes the model as <c>tokenizer.json</c> has it.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
