using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>SentencePiece's compiled character map, applied as the reference applies it: per grapheme cluster first.</summary>
/// <remarks>
/// A cluster shorter than six bytes becomes the value of the shortest key that is a prefix of it, all of it: <c>é</c> with a dot below
/// loses the dot. Longer clusters, and those without such a key, are mapped character by character. Source: Kudo and Richardson 2018.
/// </remarks>
internal sealed class PrecompiledNormalizer(CharsMap map) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Precompiled", ("precompiled_charsmap", Convert.ToBase64String(map.ToBytes())));

    /// <inheritdoc/>
    public override void Apply(TextPiece text)
    {
        var scalars = text.Scalars;
        List<(int Scalar, int Change)> changes = new(scalars.Length);
        var modified = false;
        Span<byte> bytes = stackalloc byte[8];
        for (var at = 0; at < scalars.Length;)
        {
            var length = GraphemeClusters.Length(scalars, at);
            var cluster = scalars.Slice(at, length);
            at += length;
            if (TryEncode(cluster, bytes, out var size) && map.Find(bytes[..size]) is { } whole)
            {
                modified = true;
                Replace(changes, length, whole);
                continue;
            }

            foreach (var scalar in cluster)
            {
                size = new Rune(scalar).EncodeToUtf8(bytes);
                if (map.Find(bytes[..size]) is { } part)
                {
                    modified = true;
                    Replace(changes, 1, part);
                }
                else
                {
                    changes.Add((scalar, 0));
                }
            }
        }

        if (modified)
        {
            text.Transform(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(changes), 0);
        }
    }

    private static bool TryEncode(ReadOnlySpan<int> cluster, Span<byte> bytes, out int size)
    {
        size = 0;
        foreach (var scalar in cluster)
        {
            var rune = new Rune(scalar);
            if (size + rune.Utf8SequenceLength >= 6)
            {
                return false;
            }

            size += rune.EncodeToUtf8(bytes[size..]);
        }

        return true;
    }

    private static void Replace(List<(int Scalar, int Change)> changes, int old, int[] value)
    {
        foreach (var scalar in value)
        {
            changes.Add((scalar, 0));
        }

        var more = value.Length - old;
        for (var i = 1; i <= more && i <= changes.Count; i++)
        {
            changes[^i] = (changes[^i].Scalar, 1);
        }

        if (more < 0 && changes.Count > 0)
        {
            changes[^1] = (changes[^1].Scalar, changes[^1].Change + more);
        }
    }
}
