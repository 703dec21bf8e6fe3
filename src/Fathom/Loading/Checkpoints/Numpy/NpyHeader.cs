using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Loading.Checkpoints.Numpy;

/// <summary>The header of one array: a Python dict literal with exactly three keys, matched as text and never evaluated.</summary>
/// <param name="Descr">The element type, such as <c>&lt;f4</c>.</param>
/// <param name="FortranOrder">True when the first dimension is the contiguous one.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Begin">Bytes before the data.</param>
/// <remarks>Source: numpy.lib.format, versions 1.0 to 3.0.</remarks>
internal sealed partial record NpyHeader(string Descr, bool FortranOrder, IReadOnlyList<long> Shape, int Begin)
{
    private const int LargestHeader = 1 << 16, LargestRank = 64;

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidCheckpointException">It is not what numpy writes.</exception>
    public static NpyHeader Read(ByteSource source, ZipRecord record, ZipRecordReader reader)
    {
        var prefix = new byte[(int)Math.Min(record.Length, 12)];
        reader.Read(0, prefix);
        if (prefix.Length < 10 || prefix[0] != 0x93 || !prefix.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw source.Invalid($"'{record.Name}' is not a NumPy array: it does not begin with \\x93NUMPY.");
        }

        var (begin, length) = prefix[6] switch
        {
            1 => (10, BinaryPrimitives.ReadUInt16LittleEndian(prefix.AsSpan(8))),
            2 or 3 when prefix.Length == 12 => (12, (long)BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8))),
            _ => throw source.Invalid($"'{record.Name}' has format version {prefix[6]}.{prefix[7]}; versions 1 to 3 are read."),
        };
        if (length > LargestHeader || length > record.Length - begin)
        {
            throw source.Invalid($"the header of '{record.Name}' claims {length} bytes; the entry has {record.Length - begin} and at most {LargestHeader} are read.");
        }

        var bytes = new byte[length];
        reader.Read(begin, bytes);
        var text = Encoding.Latin1.GetString(bytes);
        var match = Dict().Match(text);
        if (!match.Success)
        {
            throw source.Invalid($"the header of '{record.Name}' is not what NumPy writes for a plain array: {text.Trim()}");
        }

        // "()", "(3,)", "(3, 4)"; Python 2 put an L after the digits.
        var inner = match.Groups["shape"].Value.TrimEnd().TrimEnd(',');
        long[] shape = inner.Length == 0 ? [] : [.. inner.Split(',').Select(part => long.TryParse(part.Trim().TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw source.Invalid($"the shape ({inner}) of '{record.Name}' is not a list of 64-bit sizes."))];
        return shape.Length <= LargestRank
            ? new(match.Groups["descr"].Value, match.Groups["order"].Value == "True", shape, begin + (int)length)
            : throw source.Invalid($"'{record.Name}' has {shape.Length} dimensions: rank over {LargestRank}.");
    }

    /// <summary>No part of the pattern can match in two ways, so its work is linear in the text.</summary>
    [GeneratedRegex(@"\A\{'descr': '(?<descr>[^'\\]{1,32})', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[0-9L, ]*)\),? ?\}[ ]*\n?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dict();
}
