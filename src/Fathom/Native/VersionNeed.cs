using System.Buffers.Binary;
using System.Text;

namespace Fathom.Native;

/// <summary>The symbol versions that a 64-bit little-endian ELF library needs, and how to make one of them optional.</summary>
/// <remarks>
/// TorchSharp's shim is built with GCC 13 or newer, whose <c>&lt;iostream&gt;</c> leaves a need for GLIBCXX_3.4.32 behind: a marker
/// that says "this libstdc++ initializes the streams itself". No relocation refers to its symbol, so nothing ever calls it; on an
/// older libstdc++ the streams are initialized by libc10 and libtorch_cpu, which load first. With the weak flag the system's loader
/// skips the check. Source: Linux Standard Base, "Symbol Versioning", Elf64_Verneed and Elf64_Vernaux.
/// </remarks>
internal static class VersionNeed
{
    /// <summary>The version whose only symbol is the iostream marker.</summary>
    internal const string IostreamMarker = "GLIBCXX_3.4.32";

    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Sets the weak flag on the need for <paramref name="version"/>, in place.</summary>
    /// <returns>False when the library has no such need, or is not an ELF library with section headers.</returns>
    internal static bool MakeWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..4].SequenceEqual("\u007fELF"u8) || image[4] != 2 || image[5] != 1)
        {
            return false;
        }

        var table = BinaryPrimitives.ReadUInt64LittleEndian(image[40..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(image[58..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
        var found = false;
        for (var index = 0; index < count; index++)
        {
            var section = Section(image, table, entrySize, index);
            if (section.Type != VersionNeedSection)
            {
                continue;
            }

            var names = Section(image, table, entrySize, (int)section.Link);
            found |= MarkIn(image.Slice(section.Offset, section.Size), image.Slice(names.Offset, names.Size), version);
        }

        return found;
    }

    // A chain of files, each with a chain of versions; a link of zero ends a chain, and every step goes forward.
    private static bool MarkIn(Span<byte> needs, ReadOnlySpan<byte> names, string version)
    {
        var wanted = Encoding.ASCII.GetBytes(version + "\0");
        var found = false;
        for (var need = 0; ;)
        {
            for (var aux = need + Link(needs, need + 8); ;)
            {
                var name = (int)BinaryPrimitives.ReadUInt32LittleEndian(needs[(aux + 8)..]);
                if (names[name..].StartsWith(wanted))
                {
                    var flags = needs[(aux + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    found = true;
                }

                var nextAux = Link(needs, aux + 12);
                if (nextAux <= 0)
                {
                    break;
                }

                aux += nextAux;
            }

            var nextNeed = Link(needs, need + 12);
            if (nextNeed <= 0)
            {
                return found;
            }

            need += nextNeed;
        }
    }

    private static int Link(ReadOnlySpan<byte> needs, int at) => (int)BinaryPrimitives.ReadUInt32LittleEndian(needs[at..]);

    private static (uint Type, int Offset, int Size, uint Link) Section(ReadOnlySpan<byte> image, ulong table, int entrySize, int index)
    {
        var header = image[checked((int)table + (index * entrySize))..];
        return (
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..])),
            checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..])),
            BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
    }
}
