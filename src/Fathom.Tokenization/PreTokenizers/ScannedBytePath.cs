using System.Runtime.InteropServices;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>A byte path whose pieces a scanner finds.</summary>
/// <typeparam name="TScanner">The pattern.</typeparam>
internal sealed class ScannedBytePath<TScanner>(ByteWordEncoder words) : BytePath
    where TScanner : struct, IPieceScanner
{
    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> text, Workspace workspace, PieceList? pieces)
    {
        var cache = workspace.Words;
        for (var start = 0; start < text.Length;)
        {
            var end = TScanner.Next(text, start);
            var length = end - start;
            if (length <= WordCache.MaxBytes && start + 16 <= text.Length)
            {
                words.EncodeShort(ref MemoryMarshal.GetReference(text[start..]), length, cache, workspace);
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
