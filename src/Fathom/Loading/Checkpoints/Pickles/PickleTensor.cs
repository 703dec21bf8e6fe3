namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>A view of a storage. Everything in it was checked against the storage's stored length.</summary>
internal sealed class PickleTensor(PickleStorage storage, StoredType type, long offset, long[] shape, long[] stride, bool conjugated, bool negated) : PickleValue
{
    public PickleStorage Storage { get; } = storage;

    public StoredType Type { get; } = type;

    /// <summary>First element, counted in elements of <see cref="Type"/> from the storage's start.</summary>
    public long Offset { get; } = offset;

    public long[] Shape { get; } = shape;

    public long[] Stride { get; } = stride;

    /// <summary>The numbers are the complex conjugates of the stored ones.</summary>
    public bool Conjugated { get; } = conjugated;

    /// <summary>The numbers are the negatives of the stored ones.</summary>
    public bool Negated { get; } = negated;

    /// <summary>True when the elements lie one after another in row-major order. The stride of a dimension of size 1 means nothing.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (var d = Shape.Length - 1; d >= 0; d--)
            {
                if (Shape[d] != 1 && Stride[d] != expected)
                {
                    return false;
                }

                expected *= Shape[d];
            }

            return true;
        }
    }

    public override string Kind => "a tensor";
}
