namespace Fathom.Loading.Checkpoints;

/// <summary>What a checkpoint says about one tensor, known without reading its numbers.</summary>
/// <param name="Name">The name in the file, compared ordinally and never trimmed.</param>
/// <param name="Type">How the numbers are stored.</param>
/// <param name="Shape">The dimensions, slowest first; empty for a scalar.</param>
/// <param name="ByteLength">Bytes of the numbers in the file.</param>
public sealed record StoredTensor(string Name, StoredType Type, IReadOnlyList<long> Shape, long ByteLength)
{
    /// <summary>The number of values, the product of <see cref="Shape"/>.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (var size in Shape)
            {
                count = checked(count * size);
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type.Label} [{string.Join(", ", Shape)}], {ByteLength:N0} bytes";
}
