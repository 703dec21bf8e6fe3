using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>A byte path whose pieces a scanner finds.</summary>
/// <typeparam name="TScanner">The pattern.</typeparam>
internal sealed class ScannedBytePath<TScanner>(ByteWordEncoder words) : BytePath
    where TScanner : struct, IPieceScanner
{
    /// <inheritdoc/>
    public override ByteWordEncoder Words => words;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> text, Workspace workspace, PieceList? pieces)
    {
        var cache = workspace.Words;
        ref var first = ref MemoryMarshal.GetReference(text);
        for (var start = 0; start < text.Length;)
        {
            var end = TScanner.Next(text, start);
            var length = end - start;
            // A short word is read as 16 units at once, so there must be that many.
            if (length <= WordCache.ShortBytes && text.Length - start >= 16)
            {
                words.EncodeShort(ref Unsafe.Add(ref first, start), length, cache, workspace);
            }
            else
            {
                words.EncodeAny(text.Slice(start, length), workspace);
            }

            pieces?.Add(workspace.Count, end);
            start = end;
        }
    }
}
