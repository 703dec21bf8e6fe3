using System.Text.Json;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Changes the text before it is cut into pieces.</summary>
internal abstract class Normalizer
{
    /// <summary>Changes a piece in place.</summary>
    public abstract void Apply(TextPiece text);

    /// <summary>Whether a raw text surely stays as it is, so that the fast path may skip this step.</summary>
    public virtual bool LeavesAlone(ReadOnlySpan<char> text) => false;

    /// <summary>Writes the step as <c>tokenizer.json</c> has it.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
