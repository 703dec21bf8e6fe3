using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>From text to ids without the general pipeline, for byte-level vocabularies with a well-known splitting pattern.</summary>
internal abstract class BytePath
{
    /// <summary>Encodes the pieces.</summary>
    public abstract ByteWordEncoder Words { get; }

    /// <summary>Appends the ids of a segment to the workspace, and its pieces to <paramref name="pieces"/> if wanted.</summary>
    /// <param name="text">A segment without added tokens.</param>
    /// <param name="workspace">Scratch memory of the calling thread.</param>
    /// <param name="pieces">Receives where each piece ends; <see langword="null"/> if nobody asks.</param>
    public abstract void Encode(ReadOnlySpan<char> text, Workspace workspace, PieceList? pieces);
}
