namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Changes to stored elements that touch bits only: byte order, and the signs of lazily negated or conjugated numbers.</summary>
internal static class ElementBits
{
    /// <summary>Makes elements little-endian and gives them their final sign.</summary>
    public static void ToNative(Span<byte> raw, StoredType type, bool bigEndian, bool conjugated, bool negated)
    {
        var complex = type is StoredType.C32 or StoredType.C64 or StoredType.C128;
        var part = type.BlockBits / 8 / (complex ? 2 : 1);
        for (var i = 0; i + part <= raw.Length; i += part)
        {
            var element = raw.Slice(i, part);
            if (bigEndian)
            {
                element.Reverse();
            }

            // The imaginary half of a conjugated number changes sign once more.
            if (negated != (conjugated && complex && i / part % 2 == 1))
            {
                element[^1] ^= 0x80;
            }
        }
    }
}
